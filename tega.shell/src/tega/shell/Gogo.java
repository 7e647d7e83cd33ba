package tega.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;

/** What is no command of tega's is tried as a line of Gogo, so that {@code felix:lb} works in the same prompt. */
final class Gogo implements Interpreter.Other {
    private static final InputStream NOTHING = new ByteArrayInputStream(new byte[0]);

    private final Supplier<@Nullable CommandProcessor> processor;
    private @Nullable CommandProcessor used;
    private @Nullable CommandSession session;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    /** {@code processor} gives Gogo, or null while it is not there. */
    Gogo(Supplier<@Nullable CommandProcessor> processor) {
        this.processor = processor;
    }

    @Override
    public boolean run(String line, Output output) throws Exception {
        var session = session();
        if (session == null) {
            return false;
        }
        written.reset();
        try {
            var result = session.execute(line);
            output.text(written.toString(StandardCharsets.UTF_8));
            if (result != null) {
                output.text(session.format(result, Converter.INSPECT).toString());
            }
            return true;
        } catch (Exception e) {
            if (e.getClass().getSimpleName().equals("CommandNotFoundException")) {
                return false;
            }
            output.text(written.toString(StandardCharsets.UTF_8));
            throw e;
        }
    }

    /** The session, made anew when Gogo was exchanged. */
    private @Nullable CommandSession session() {
        var now = processor.get();
        if (now != used) {
            used = now;
            var out = new PrintStream(written, true, StandardCharsets.UTF_8);
            session = now == null ? null : now.createSession(NOTHING, out, out);
        }
        return session;
    }
}
