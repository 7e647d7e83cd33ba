package tega.plugins.openwrt;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Looks after routers, some at a time. A name waits once however often it is given; one that is given while it is looked after
 * is looked after once more.
 */
final class RouterQueue {
    private final Executor threads;
    private final int most;
    private final Consumer<String> care;
    private final Set<String> waiting = new LinkedHashSet<>();
    private final Set<String> inHand = new HashSet<>();

    /**
     * @param threads may block
     * @param most how many at the same time
     * @param care looks after one
     */
    RouterQueue(Executor threads, int most, Consumer<String> care) {
        this.threads = threads;
        this.most = most;
        this.care = care;
    }

    /** Looks after {@code name} soon. */
    void add(String name) {
        synchronized (waiting) {
            waiting.add(name);
        }
        next();
    }

    private void next() {
        String name;
        synchronized (waiting) {
            name = waiting.stream()
                    .filter(one -> !inHand.contains(one))
                    .findFirst()
                    .orElse(null);
            if (name == null || inHand.size() >= most) {
                return;
            }
            waiting.remove(name);
            inHand.add(name);
        }
        threads.execute(() -> {
            try {
                care.accept(name);
            } finally {
                synchronized (waiting) {
                    inHand.remove(name);
                }
                next();
            }
        });
    }
}
