package tega.system;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import tega.api.spi.Scheduler;

/** The machine's scheduler as a service; its threads end with the component. */
@Component(service = Scheduler.class)
public final class SystemComponent implements Scheduler {
    private final SystemScheduler machine = new SystemScheduler();

    @Override
    public Instant now() {
        return machine.now();
    }

    @Override
    public long nanos() {
        return machine.nanos();
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        return machine.after(delay, task);
    }

    @Override
    public Executor background() {
        return machine.background();
    }

    /** Ends the threads. */
    @Deactivate
    public void stop() {
        machine.close();
    }
}
