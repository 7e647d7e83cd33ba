package tega.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.spi.Scheduler;

class SystemSchedulerTest {
    private final SystemScheduler scheduler = new SystemScheduler();

    @AfterEach
    void end() {
        scheduler.close();
    }

    @Test
    void aTaskRunsAfterItsDelayOnAnotherThread() throws InterruptedException {
        var begun = scheduler.nanos();
        var ran = new CountDownLatch(1);
        var caller = Thread.currentThread();
        var elsewhere = new AtomicBoolean();
        scheduler.after(Duration.ofMillis(20), () -> {
            elsewhere.set(Thread.currentThread() != caller);
            ran.countDown();
        });
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(elsewhere).isTrue();
        assertThat(scheduler.nanos() - begun).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void aCancelledTaskDoesNotRun() throws InterruptedException {
        var ran = new AtomicBoolean();
        var later = new CountDownLatch(1);
        var task = scheduler.after(Duration.ofMillis(20), () -> ran.set(true));
        task.cancel();
        scheduler.after(Duration.ofMillis(60), later::countDown);
        assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).isFalse();
    }

    // WHY: a blocked background task must not keep others from running, nor a failing timer task later ones.
    @Test
    void neitherBlockingNorFailingHindersOthers() throws InterruptedException {
        var release = new CountDownLatch(1);
        var others = new CountDownLatch(2);
        scheduler.background().execute(() -> awaitUnchecked(release));
        scheduler.background().execute(others::countDown);
        scheduler.after(Duration.ZERO, () -> {
            throw new IllegalStateException("on purpose");
        });
        scheduler.after(Duration.ofMillis(1), others::countDown);
        assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
        release.countDown();
    }

    @Test
    void afterTheEndNothingRunsAndNothingIsThrown() {
        scheduler.close();
        var ran = new AtomicBoolean();
        scheduler.after(Duration.ZERO, () -> ran.set(true)).cancel();
        scheduler.background().execute(() -> ran.set(true));
        assertThat(ran).isFalse();
    }

    @Test
    void isFoundWithoutOsgi() {
        assertThat(ServiceLoader.load(Scheduler.class)).hasExactlyElementsOfTypes(SystemScheduler.class);
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
