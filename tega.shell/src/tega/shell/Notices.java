package tega.shell;

import java.util.ArrayList;
import java.util.function.Consumer;
import tega.api.Change;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;
import tega.api.WatchEvent;

/** What was heard, as lines: whole notices, one after the other, wherever they are shown. */
final class Notices implements Subscriptions.Listener {
    private final Output output;
    private final Workspace workspace;
    private final Consumer<String> errors;

    Notices(Workspace workspace, Output output, Consumer<String> errors) {
        this.workspace = workspace;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public void message(Path channel, String publisher, Value message) {
        if (workspace.format() == Format.JSON) {
            output.line(Value.object("channel", Value.of(channel.toString()), "publisher", Value.of(publisher))
                    .with("message", message)
                    .toString());
        } else {
            output.line(output.screen().bold("MESSAGE " + channel + " " + publisher) + ": "
                    + output.brief(message, Integer.MAX_VALUE));
        }
    }

    @Override
    public void changed(WatchEvent.Changed event) {
        show(event.change(), "NOTIFY ", workspace.format(), output);
    }

    @Override
    public void lost(String reason) {
        errors.accept(output.screen().red("UNAVAILABLE: " + reason));
    }

    /** A commit as lines for people, after {@code word}, or as one line of JSON. */
    static void show(Change change, String word, Format format, Output output) {
        var commit = change.commit();
        if (format == Format.JSON) {
            var item = ObjectValue.builder()
                    .put("revision", Value.of(commit.revision()))
                    .put("author", Value.of(commit.by().author()))
                    .put("tega_id", Value.of(commit.by().tegaId()))
                    .put("kind", Value.of(commit.kind().wireName()))
                    .put("edits", Edits.value(change.edits(), path -> change.before()
                            .get(path)
                            .orElse(null)));
            output.line(item.build().toString());
            return;
        }
        var lines = new ArrayList<String>();
        lines.add(output.screen()
                .bold(word + "revision " + commit.revision() + " "
                        + commit.kind().wireName() + " by "
                        + (word.isEmpty() ? commit.by().author() : commit.by().tegaId())));
        lines.addAll(
                Edits.lines(change.edits(), path -> change.before().get(path).orElse(null), output));
        // in one piece, so that nothing comes between
        output.line(String.join("\n", lines));
    }
}
