package tega.api.spi;

import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;

/** The shell, for people who come by another way than the terminal of the server's own process. */
@ProviderType
public interface Shells {
    /**
     * Runs the shell for {@code by} on the calling thread, until they quit, there is nothing more to read or the thread is
     * interrupted; whether every command succeeded. They may do what they are granted; files of the server's machine are out of
     * their reach, and quitting ends nothing but this.
     */
    boolean run(Identity by, Seat seat);

    /**
     * Where somebody sits.
     *
     * @param in what they type or send, in UTF-8
     * @param out where answers go
     * @param err where errors go, when there is no terminal
     * @param commands what to run instead of reading commands, or null
     * @param screen the terminal they look at, or null: then nothing is written but answers
     */
    record Seat(
            InputStream in,
            OutputStream out,
            OutputStream err,
            @Nullable String commands,
            @Nullable Screen screen) {}

    /** A terminal somewhere else. */
    @ConsumerType
    interface Screen {
        /** What it understands, as {@code TERM} names it. */
        String type();

        /** How wide it is now. */
        int columns();

        /** How high it is now. */
        int lines();

        /** Whether colours are wanted. */
        boolean colour();

        /** Has {@code signal} run whenever it has got another size. */
        void onResize(Runnable signal);
    }
}
