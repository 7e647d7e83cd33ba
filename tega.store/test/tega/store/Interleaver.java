package tega.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs a few threads one at a time and decides at each of their {@linkplain Interleaved points} who goes on: locks, parking and
 * waiting are its own, so that nothing depends on the machine. A schedule is the list of its decisions; the same schedule is the
 * same run. Public for classes that another loader has defined.
 */
public final class Interleaver {
    private static final int MOST_STEPS = 100_000;
    private static volatile @Nullable Interleaver current;

    /** Who may go on at a point, who goes on being first, and which of them was taken. */
    record Choice(List<Integer> options, boolean preempts, int taken) {}

    /** Says which of the options is taken. */
    interface Decision {
        int take(int step, List<Integer> options);
    }

    /** A run was given up because of another thread. */
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    private enum State {
        READY,
        BLOCKED,
        PARKED,
        WAITING,
        DONE
    }

    private static final class Monitor {
        private @Nullable Worker owner;
        private int count;
    }

    private final class Worker implements Runnable {
        private final int number;
        private final Runnable task;
        private final Semaphore turn = new Semaphore(0);
        private @Nullable Thread thread;
        private State state = State.READY;
        private @Nullable Object on;
        private boolean permit;

        Worker(int number, Runnable task) {
            this.number = number;
            this.task = task;
        }

        @Override
        public void run() {
            turn.acquireUninterruptibly();
            try {
                if (!abandoned) {
                    task.run();
                }
            } catch (Abandoned e) {
                // somebody else tells why
            } catch (Throwable e) {
                fail(e);
            }
            state = State.DONE;
            passOn(this);
        }

        @Override
        public String toString() {
            return "thread " + number + " " + state
                    + (on == null ? "" : " on a " + on.getClass().getSimpleName());
        }
    }

    private final Decision decision;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Choice> choices = new ArrayList<>();
    private final IdentityHashMap<Object, Monitor> monitors = new IdentityHashMap<>();
    private final Semaphore ended = new Semaphore(0);
    private volatile @Nullable Throwable failure;
    private volatile boolean abandoned;
    private int steps;

    private Interleaver(Decision decision) {
        this.decision = decision;
    }

    /** Runs the tasks to their end, a thread each, and returns the decisions; throws what one of them threw. */
    static List<Choice> run(List<Runnable> tasks, Decision decision) {
        var interleaver = new Interleaver(decision);
        interleaver.run(tasks);
        var failure = interleaver.failure;
        if (failure != null) {
            throw new AssertionError(
                    failure.getMessage() + " in the schedule "
                            + interleaver.choices.stream().map(Choice::taken).toList(),
                    failure);
        }
        return interleaver.choices;
    }

    private void run(List<Runnable> tasks) {
        for (var task : tasks) {
            workers.add(new Worker(workers.size(), task));
        }
        current = this;
        try {
            for (var worker : workers) {
                var thread = new Thread(worker, "worker " + worker.number);
                thread.setDaemon(true);
                worker.thread = thread;
                thread.start();
            }
            next(null).turn.release();
            ended.acquireUninterruptibly();
            for (var worker : workers) {
                join(worker);
            }
        } finally {
            current = null;
        }
    }

    private static void join(Worker worker) {
        try {
            var thread = worker.thread;
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
        abandoned = true;
    }

    /** The worker that is to go on after {@code me}, who is null or cannot. */
    private @Nullable Worker next(@Nullable Worker me) {
        var ready = new ArrayList<Integer>();
        if (me != null && me.state == State.READY) {
            ready.add(me.number);
        }
        for (var worker : workers) {
            if (worker != me && worker.state == State.READY) {
                ready.add(worker.number);
            }
        }
        if (ready.isEmpty()) {
            return null;
        }
        if (ready.size() == 1) {
            return workers.get(ready.get(0));
        }
        var taken = decision.take(choices.size(), ready);
        choices.add(new Choice(Collections.unmodifiableList(ready), me != null && me.state == State.READY, taken));
        return workers.get(ready.get(taken));
    }

    /** Gives the turn to whoever is next. */
    private void passOn(Worker me) {
        if (abandoned) {
            giveUp();
            return;
        }
        var next = next(me);
        if (next != null) {
            next.turn.release();
        } else if (workers.stream().allMatch(worker -> worker.state == State.DONE)) {
            ended.release();
        } else {
            fail(new IllegalStateException("nobody can go on: " + workers));
            giveUp();
        }
    }

    private void giveUp() {
        workers.forEach(worker -> worker.turn.release(2));
        ended.release();
    }

    /** Lets the next go on; returns when it is the turn of {@code me} again. */
    private void hand(Worker me) {
        if (abandoned) {
            throw new Abandoned();
        }
        if (++steps > MOST_STEPS) {
            fail(new IllegalStateException("they go on for ever: " + workers));
            giveUp();
            throw new Abandoned();
        }
        var next = next(me);
        if (next == me) {
            return;
        }
        if (next == null) {
            fail(new IllegalStateException("nobody can go on: " + workers));
            giveUp();
            throw new Abandoned();
        }
        next.turn.release();
        me.turn.acquireUninterruptibly();
        if (abandoned) {
            throw new Abandoned();
        }
    }

    private @Nullable Worker me() {
        for (var worker : workers) {
            if (worker.thread == Thread.currentThread()) {
                return worker;
            }
        }
        return null;
    }

    private static @Nullable Worker worker() {
        var now = current;
        return now == null ? null : now.me();
    }

    private static Interleaver now() {
        var now = current;
        if (now == null) {
            throw new IllegalStateException("nothing is interleaved");
        }
        return now;
    }

    private void block(Worker me, State how, Object on) {
        me.state = how;
        me.on = on;
        hand(me);
        me.on = null;
    }

    private void free(Object on, State how, int most) {
        var freed = 0;
        for (var worker : workers) {
            if (worker.state == how && worker.on == on && freed++ < most) {
                worker.state = State.READY;
            }
        }
    }

    private void take(Worker me, Object lock, int count) {
        var monitor = monitors.computeIfAbsent(lock, any -> new Monitor());
        while (monitor.owner != null && monitor.owner != me) {
            block(me, State.BLOCKED, lock);
        }
        monitor.owner = me;
        monitor.count += count;
    }

    private int release(Object lock, boolean all) {
        var monitor = monitors.get(lock);
        if (monitor == null) {
            return 0;
        }
        var count = all ? monitor.count : 1;
        monitor.count -= count;
        if (monitor.count == 0) {
            monitor.owner = null;
            free(lock, State.BLOCKED, Integer.MAX_VALUE);
        }
        return count;
    }

    /** Another may go on here. */
    public static void point() {
        var me = worker();
        if (me != null) {
            now().hand(me);
        }
    }

    /** Enters a monitor. */
    public static void enter(Object lock) {
        var me = worker();
        if (me != null) {
            now().hand(me);
            now().take(me, lock, 1);
        }
    }

    /** Leaves a monitor. */
    public static void exit(Object lock) {
        if (worker() != null) {
            now().release(lock, false);
        }
    }

    /** {@link Object#wait()}. */
    public static void await(Object lock) {
        var me = worker();
        if (me != null) {
            var count = now().release(lock, true);
            now().block(me, State.WAITING, lock);
            now().take(me, lock, count);
        }
    }

    /** {@link Object#notify()}. */
    public static void signal(Object lock) {
        if (worker() != null) {
            now().free(lock, State.WAITING, 1);
        }
    }

    /** {@link Object#notifyAll()}. */
    public static void signalAll(Object lock) {
        if (worker() != null) {
            now().free(lock, State.WAITING, Integer.MAX_VALUE);
        }
    }

    /** {@link java.util.concurrent.locks.LockSupport#park(Object)}. */
    public static void park(Object blocker) {
        var me = worker();
        if (me != null) {
            now().hand(me);
            if (!me.permit) {
                now().block(me, State.PARKED, blocker);
            }
            me.permit = false;
        }
    }

    /** {@link java.util.concurrent.locks.LockSupport#unpark(Thread)}. */
    public static void unpark(Thread thread) {
        var me = worker();
        if (me != null) {
            now().hand(me);
            for (var worker : now().workers) {
                if (worker.thread == thread) {
                    worker.permit = true;
                    worker.state = worker.state == State.PARKED ? State.READY : worker.state;
                }
            }
        }
    }
}
