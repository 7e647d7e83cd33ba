package tega.sync;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tega.api.TegaException;
import tega.api.plugin.GlobalServer;

/** Asks the server above whether it is there. Any thread. */
final class Reach implements GlobalServer {
    private final SyncNode node;

    Reach(SyncNode node) {
        this.node = node;
    }

    @Override
    public boolean isConfigured() {
        return node.hasUpper();
    }

    @Override
    public CompletionStage<Duration> reach(Duration deadline) {
        var outcome = new CompletableFuture<Duration>();
        var above = node.upper();
        if (above == null) {
            outcome.completeExceptionally(new TegaException.Unavailable("this server has no global server"));
            return outcome;
        }
        var begun = node.scheduler().nanos();
        var late = node.scheduler()
                .after(
                        deadline,
                        () -> outcome.completeExceptionally(new TegaException.Unavailable(
                                "the global server has not answered for " + deadline.toMillis() + " ms")));
        CompletionStage<Duration> told = outcome;
        told.whenComplete((took, failure) -> late.cancel());
        above.lane().run(() -> {
            var link = above.link();
            if (link == null) {
                outcome.completeExceptionally(new TegaException.Unavailable(
                        "the global server is out of reach" + (above.parted().isEmpty() ? "" : ": " + above.parted())));
            } else {
                link.ask(
                        () -> outcome.complete(Duration.ofNanos(node.scheduler().nanos() - begun)));
            }
        });
        return told;
    }
}
