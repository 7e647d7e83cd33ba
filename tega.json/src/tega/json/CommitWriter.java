package tega.json;

import java.io.IOException;
import java.util.List;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;

/** A commit as one line; the form is described in the bundle's README. What can be left out is. */
final class CommitWriter {
    private final JsonWriter out = new JsonWriter();

    private CommitWriter() {}

    static byte[] bytes(Commit commit) {
        var line = new CommitWriter();
        try {
            line.write(commit);
        } catch (IOException e) {
            throw new TegaException.Internal("memory could not be written", e);
        } catch (ArithmeticException e) {
            throw new TegaException.Invalid(
                    "commit " + commit.revision() + " has a time that milliseconds cannot tell");
        }
        return line.out.bytes();
    }

    private void write(Commit commit) throws IOException {
        out.ascii("{\"rev\":");
        out.number(commit.revision());
        out.ascii(",\"time\":");
        out.number(commit.time().toEpochMilli());
        string(",\"by\":", commit.by().author(), Identity.ANONYMOUS.author());
        string(",\"id\":", commit.by().tegaId(), commit.by().author());
        string(",\"at\":", commit.origin(), "");
        string(",\"kind\":", commit.kind().wireName(), CommitKind.EDIT.wireName());
        if (commit.message() != null) {
            out.ascii(",\"message\":");
            out.string(commit.message());
        }
        if (commit.refersTo() != 0) {
            out.ascii(",\"ref\":");
            out.number(commit.refersTo());
        }
        edits(",\"edits\":", commit.edits());
        if (!commit.notes().isEmpty()) {
            out.ascii(",\"notes\":");
            strings(commit.notes());
        }
        if (commit.confirm() != null) {
            confirm(commit.confirm());
        }
        if (!commit.sources().isEmpty()) {
            out.ascii(",\"src\":");
            sources(commit.sources());
        }
        out.one('}');
    }

    private void string(String name, String text, String otherwise) throws IOException {
        if (!text.equals(otherwise)) {
            out.ascii(name);
            out.string(text);
        }
    }

    private void confirm(Confirm confirm) throws IOException {
        out.ascii(",\"confirm\":{\"window\":");
        out.number(confirm.window().toMillis());
        if (confirm.automatic()) {
            out.ascii(",\"auto\":true");
        }
        edits(",\"undo\":", confirm.undo());
        out.one('}');
    }

    private void edits(String name, List<Edit> edits) throws IOException {
        var any = false;
        for (var edit : edits) {
            if (edit.ephemeral()) {
                continue;
            }
            if (any) {
                out.one(',');
            } else {
                out.ascii(name);
                out.one('[');
                any = true;
            }
            out.one('[');
            path(edit.path());
            if (edit instanceof Edit.Put put) {
                out.one(',');
                out.value(put.value());
            }
            out.one(']');
        }
        if (any) {
            out.one(']');
        }
    }

    private void path(Path path) throws IOException {
        out.one('[');
        for (var i = 0; i < path.depth(); i++) {
            if (i > 0) {
                out.one(',');
            }
            out.string(path.name(i));
        }
        out.one(']');
    }

    private void sources(List<Source> sources) throws IOException {
        var separator = '[';
        for (var source : sources) {
            out.one(separator);
            out.one('[');
            out.string(source.stream());
            out.one(',');
            out.number(source.revision());
            out.one(',');
            out.string(source.mark());
            out.one(']');
            separator = ',';
        }
        out.one(']');
    }

    private void strings(List<String> texts) throws IOException {
        var separator = '[';
        for (var text : texts) {
            out.one(separator);
            out.string(text);
            separator = ',';
        }
        out.one(']');
    }
}
