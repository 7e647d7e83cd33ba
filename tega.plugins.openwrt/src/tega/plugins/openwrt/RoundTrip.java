package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.plugin.GlobalServer;

/** Proves that the global server is reached, over the link on which both have shown who they are; nothing where there is none. */
final class RoundTrip implements Prober {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Supplier<@Nullable GlobalServer> above;
    private final boolean expected;

    /**
     * @param above who asks it, null while nobody does
     * @param expected whether there is one
     */
    RoundTrip(Supplier<@Nullable GlobalServer> above, boolean expected) {
        this.above = above;
        this.expected = expected;
    }

    @Override
    public void prove() throws IOException {
        var server = above.get();
        if (server == null) {
            if (expected) {
                throw new IOException("the link with the global server is down: tega.sync does not run");
            }
            return;
        }
        if (!server.isConfigured()) {
            return;
        }
        try {
            server.reach(PATIENCE).toCompletableFuture().get(PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()), e);
        } catch (TimeoutException e) {
            throw new IOException("the global server was not asked in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the global server was asked", e);
        }
    }
}
