package tega.messaging;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.Value;
import tega.api.plugin.MessageListener;

/**
 * A listener that may take its time: it hears one message after the other on a thread of the background, and messages wait in
 * a bounded queue. When that is full the newest is dropped and counted, as nobody stores messages.
 */
final class QueuedListener implements MessageListener {
    private record Message(Path channel, String publisher, Value content) {}

    private final MessageListener listener;
    private final Executor executor;
    private final int bound;
    private final LongAdder dropped;
    private final Queue<Message> waiting = new ArrayDeque<>();
    private boolean running;

    QueuedListener(MessageListener listener, Executor executor, int bound, LongAdder dropped) {
        this.listener = listener;
        this.executor = executor;
        this.bound = bound;
        this.dropped = dropped;
    }

    @Override
    public void message(Path channel, String publisher, Value content) {
        synchronized (waiting) {
            if (waiting.size() >= bound) {
                dropped.increment();
                return;
            }
            waiting.add(new Message(channel, publisher, content));
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            synchronized (waiting) {
                running = false;
            }
        }
    }

    private @Nullable Message next() {
        synchronized (waiting) {
            var message = waiting.poll();
            running = message != null;
            return message;
        }
    }

    /** Whatever the listener throws concerns the one message. */
    @SuppressWarnings("CatchThrowable")
    private void run() {
        for (var message = next(); message != null; message = next()) {
            try {
                listener.message(message.channel(), message.publisher(), message.content());
            } catch (Throwable e) {
                System.getLogger("tega.messaging")
                        .log(System.Logger.Level.WARNING, "a listener of '" + message.channel() + "' failed", e);
            }
        }
    }
}
