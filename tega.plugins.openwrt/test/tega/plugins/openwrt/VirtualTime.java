package tega.plugins.openwrt;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import tega.api.spi.Scheduler;

/** Time that passes when somebody waits. */
final class VirtualTime implements Scheduler, Pause {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return now.toEpochMilli() * 1_000_000;
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        throw new IllegalStateException("nothing is scheduled here");
    }

    @Override
    public Executor background() {
        return Runnable::run;
    }
}
