package tega.sync;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import tega.api.Commit;
import tega.api.TegaException;
import tega.api.spi.Scheduler;

/** Writes that were sent to the home and of which it is not yet known what became. Any thread. */
final class Writes {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private record Waiting(CompletableFuture<Commit> outcome, Scheduler.Task clock) {}

    private final SyncNode node;
    private final Map<Long, Waiting> waiting = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers;
    private volatile long settling;

    Writes(SyncNode node) {
        this.node = node;
        this.numbers = node.writeNumbers();
    }

    /** Begins to wait; the number is this server's alone and never given out again. */
    long begin(CompletableFuture<Commit> outcome) {
        var number = numbers.incrementAndGet();
        var clock = node.scheduler().after(DEADLINE, () -> fail(number, unknown()));
        waiting.put(number, new Waiting(outcome, clock));
        return number;
    }

    private static TegaException unknown() {
        return new TegaException.UnknownOutcome(
                "whether the commit happened is not known: the server where the root lives did not answer within "
                        + DEADLINE.toSeconds() + " s",
                new IllegalStateException("no answer"));
    }

    void fail(long number, TegaException reason) {
        var gone = waiting.remove(number);
        if (gone != null) {
            gone.clock().cancel();
            gone.outcome().completeExceptionally(reason);
        }
    }

    /** A commit of the home was made here too: perhaps one that somebody waits for. */
    void made(Commit commit) {
        if (waiting.isEmpty()) {
            return;
        }
        var source = commit.source(Streams.writes(node.id()));
        if (source != null) {
            succeed(source.revision(), commit);
        }
    }

    private void succeed(long number, Commit commit) {
        var done = waiting.remove(number);
        if (done != null) {
            done.clock().cancel();
            done.outcome().complete(commit);
        }
    }

    /** The home has refused one, or had nothing to change for it. One that it has made comes with the stream. */
    void answered(Frame frame) {
        var number = frame.number("n");
        var code = frame.textOrNull("code");
        if (code != null) {
            fail(number, Errors.of(code, frame));
        } else if (frame.is("nothing")) {
            succeed(number, Requests.nothing(node));
        }
    }

    /**
     * All that the home had made when the link came up is here, and it makes nothing any more that was asked before: what has not
     * come was not made.
     */
    void settled() {
        for (var number : waiting.keySet()) {
            if (number <= settling) {
                fail(
                        number,
                        new TegaException.Unavailable(
                                "the server where the root lives went out of reach before it made the commit; "
                                        + "nothing was changed, try again"));
            }
        }
        settling = 0;
    }

    /** The link is gone: what was sent until now is settled with the next one. */
    void interrupted() {
        settling = numbers.get();
    }

    /** What waits ends in not knowing. */
    void close() {
        for (var number : waiting.keySet()) {
            fail(number, unknown());
        }
    }

    int size() {
        return waiting.size();
    }
}
