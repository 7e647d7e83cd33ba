package tega.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Rpc;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * A remote call as it is typed: {@code a.b.x(1, name=Alice)}.
 *
 * @param path whom it is for
 * @param args arguments by position
 * @param kwargs arguments by name
 */
record Call(Path path, List<Value> args, ObjectValue kwargs) {
    private static final Pattern NAMED = Pattern.compile("\\s*([\\p{L}_][\\p{L}\\p{N}_]*)\\s*=(.*)", Pattern.DOTALL);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Reads a line that {@link CommandLine#isCall} knows; {@code INVALID} when an argument is no YAML. */
    static Call of(String line, JsonCodec json) {
        var text = line.strip();
        var open = text.indexOf('(');
        var inside = text.substring(open + 1, text.length() - 1);
        var args = new ArrayList<Value>();
        var kwargs = ObjectValue.builder();
        var named = false;
        for (var part : inside.isBlank() ? List.<String>of() : CommandLine.split(inside, ',')) {
            var matcher = NAMED.matcher(part);
            if (matcher.matches()) {
                named = true;
                kwargs.add(matcher.group(1), argument(matcher.group(2), json));
            } else if (named) {
                throw new TegaException.Invalid("'" + part.strip() + "' comes after an argument with a name");
            } else {
                args.add(argument(part, json));
            }
        }
        return new Call(Path.parse(text.substring(0, open)), args, kwargs.build());
    }

    private static Value argument(String text, JsonCodec json) {
        if (text.isBlank()) {
            throw new TegaException.Invalid("an argument is missing between two commas");
        }
        return json.readYaml(text.strip());
    }

    /** The result; any outcome that is none is a {@link TegaException}. */
    Value make(Rpc rpc) throws InterruptedException {
        var stage = rpc.call(path, args, kwargs, DEADLINE).toCompletableFuture();
        try {
            return stage.get(DEADLINE.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TegaException.Timeout("'" + path + "' did not answer; whether it ran is not known");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TegaException told) {
                throw told;
            }
            throw new TegaException.Internal("the call of '" + path + "' failed: " + e.getCause(), e);
        }
    }
}
