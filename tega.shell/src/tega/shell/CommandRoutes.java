package tega.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Route;
import tega.api.spi.Routes;
import tega.api.spi.ShellCommand;

/** The commands of other bundles over REST: how {@code ./tega cli} gets at them. */
final class CommandRoutes implements Routes {
    private final Contributions commands;

    CommandRoutes(Contributions commands) {
        this.commands = commands;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/_commands", "The commands that bundles add to the shell", this::list)
                        .open(),
                Route.of("POST", "/_commands", "Has one of these commands done", this::run)
                        .open()
                        .requiredText("name", "its name")
                        .takes("application/json", "{\"words\":[\"a.b\",\"--all\"]}")
                        .fails(404));
    }

    private Route.Answer list(Route.Request request) {
        return Route.Answer.json(Value.array(
                commands.syntaxes().stream().map(CommandRoutes::view).toList()));
    }

    private static Value view(ShellCommand.Syntax syntax) {
        var words = syntax.words().stream()
                .map(word -> Value.of(word.name().toLowerCase(Locale.ROOT)))
                .toList();
        return ObjectValue.builder()
                .put("name", Value.of(syntax.name()))
                .put("usage", Value.of(syntax.usage()))
                .put("help", Value.of(syntax.help()))
                .put("words", Value.array(words))
                .build();
    }

    private Route.Answer run(Route.Request request) {
        var name = request.required("name");
        var answer = commands.run(name, words(request.value()), request.identity(), request::tega);
        return Route.Answer.json(Value.object("answer", answer));
    }

    private static List<String> words(Value body) {
        var words = new ArrayList<String>();
        if (body instanceof ObjectValue object && object.get("words") instanceof ArrayValue array) {
            for (var item : array) {
                if (!(item instanceof StringValue word)) {
                    throw new TegaException.Invalid("the words of a command are texts, and one is a " + item.kind());
                }
                words.add(word.text());
            }
            return words;
        }
        throw new TegaException.Invalid("the body is an object with a list of texts, 'words'");
    }
}
