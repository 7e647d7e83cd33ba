package tega.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.api.spi.Registration;
import tega.api.spi.Server;
import tega.api.spi.Subscriber;

/**
 * What one shell has subscribed to: messages of a channel and changes of the nodes of the same name. What is heard is handed, in
 * the order it came, to a thread that shows it, which there is from the first subscription on.
 */
final class Subscriptions implements AutoCloseable {
    /** Shows what is heard. */
    interface Listener {
        /** A message to a channel. */
        void message(Path channel, String publisher, Value message);

        /** A commit of somebody else's. */
        void changed(WatchEvent.Changed event);

        /** A subscription has ended by itself. */
        void lost(String reason);
    }

    private final Server server;
    private final Listener listener;
    private final Map<String, Heard> all = new LinkedHashMap<>();
    private @Nullable ExecutorService thread;
    private volatile boolean lost;

    Subscriptions(Server server, Listener listener) {
        this.server = server;
        this.listener = listener;
    }

    /** Subscribes; false when that has been done already. */
    synchronized boolean add(String text, boolean regex, PathPattern pattern, Scope scope) {
        var name = name(text, regex);
        if (all.containsKey(name)) {
            return false;
        }
        var heard = new Heard(name, thread());
        heard.begin(pattern, scope);
        all.put(name, heard);
        return true;
    }

    private static String name(String text, boolean regex) {
        return (regex ? "regex " : "plain ") + text;
    }

    private ExecutorService thread() {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(work -> {
                var made = new Thread(work, "tega-shell-notices");
                made.setDaemon(true);
                return made;
            });
        }
        return thread;
    }

    /** Ends one; false when there is none. */
    boolean remove(String text, boolean regex) {
        return end(name(text, regex));
    }

    private boolean end(String name) {
        Heard heard;
        synchronized (this) {
            heard = all.remove(name);
        }
        if (heard != null) {
            heard.close();
        }
        return heard != null;
    }

    /** Ends all. */
    void clear() {
        for (var name : names()) {
            end(name);
        }
    }

    private synchronized List<String> names() {
        return List.copyOf(all.keySet());
    }

    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether one has ended by itself. */
    boolean isLost() {
        return lost;
    }

    /** Returns when what was heard so far has been shown. */
    void await() throws InterruptedException {
        ExecutorService showing;
        synchronized (this) {
            showing = thread;
        }
        if (showing != null) {
            try {
                showing.submit(() -> {}).get(1, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // it is shown a little later
            }
        }
    }

    @Override
    public void close() {
        try {
            clear();
        } catch (TegaException e) {
            // the server is gone, and with it what was subscribed there
        }
        ExecutorService ended;
        synchronized (this) {
            ended = thread;
            thread = null;
        }
        if (ended != null) {
            ended.shutdownNow();
        }
    }

    /** One subscription. */
    private final class Heard implements Subscriber {
        private final String name;
        private final ExecutorService showing;
        private @Nullable Watch watch;
        private @Nullable Registration messages;

        Heard(String name, ExecutorService showing) {
            this.name = name;
            this.showing = showing;
        }

        void begin(PathPattern pattern, Scope scope) {
            messages = server.subscribe(pattern, scope, this);
            try {
                var opened = server.tega().watch(WatchRequest.of(pattern).withoutOwn());
                watch = opened;
                opened.onReady(() -> showing.execute(() -> drain(opened)));
            } catch (TegaException e) {
                close();
                throw e;
            }
        }

        private void drain(Watch opened) {
            try {
                for (var event = opened.poll(); event.isPresent(); event = opened.poll()) {
                    if (event.get() instanceof WatchEvent.Changed changed) {
                        listener.changed(changed);
                    } else if (event.get() instanceof WatchEvent.Slow) {
                        over("changes came faster than they could be shown");
                    } else if (event.get() instanceof WatchEvent.Compacted) {
                        over("what was missed is no longer kept");
                    }
                }
            } catch (TegaException e) {
                over(e.getMessage());
            }
        }

        @Override
        public void message(Path channel, String publisher, Value message) {
            showing.execute(() -> listener.message(channel, publisher, message));
        }

        @Override
        public void lost(String reason) {
            showing.execute(() -> over(reason));
        }

        /** Told once, whichever of the two was lost first. */
        private void over(String reason) {
            lost = true;
            if (end(name)) {
                listener.lost("nothing more is heard of '" + name.substring(name.indexOf(' ') + 1) + "': " + reason);
            }
        }

        void close() {
            if (watch != null) {
                watch.close();
            }
            if (messages != null) {
                messages.close();
            }
        }
    }
}
