package tega.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;

/**
 * Who answers which calls, each on a thread of its own and so many at a time. A caller that no longer waits interrupts the
 * handler. The wire tells by what {@code tega_id} the caller goes, and not who vouches for that: the author is anonymous.
 */
final class Handlers {
    private static final int AT_ONCE = 64;
    private static final long LONGEST_MILLIS = 30_000;

    private final Workers workers;
    private final Map<Path, RpcHandler> handlers = new ConcurrentHashMap<>();
    private final Map<Value, Future<?>> running = new ConcurrentHashMap<>();
    private final Semaphore free = new Semaphore(AT_ONCE);

    Handlers(Workers workers) {
        this.workers = workers;
    }

    /** {@code CONFLICT} when there is one for this path. */
    void add(Path path, RpcHandler handler) {
        if (handlers.putIfAbsent(path, handler) != null) {
            throw new TegaException.Conflict(path, "this client answers for '" + path + "' already");
        }
    }

    boolean remove(Path path) {
        return handlers.remove(path) != null;
    }

    boolean isEmpty() {
        return handlers.isEmpty();
    }

    /** Has a call answered; {@code answer} takes {@code result} or {@code error} and the rest of the frame. */
    void call(ObjectValue frame, BiConsumer<String, ObjectValue> answer) {
        var id = Answers.present(frame.get("id"));
        var call = call(frame);
        var handler = handlers.get(call.path());
        if (handler == null) {
            fail(answer, "this client does not answer for '" + call.path() + "'");
        } else if (!free.tryAcquire()) {
            fail(answer, "this client answers " + AT_ONCE + " calls already, which is its limit");
        } else {
            var work = new FutureTask<@Nullable Void>(() -> answer(handler, call, answer), null) {
                @Override
                protected void done() {
                    running.remove(id);
                }
            };
            running.put(id, work);
            workers.execute(() -> {
                try {
                    work.run();
                } finally {
                    free.release();
                }
            });
        }
    }

    private static RpcCall call(ObjectValue frame) {
        var caller = frame.get("caller") instanceof StringValue text ? text.text() : "";
        var millis = frame.get("deadline") instanceof NumberValue number ? number.longValue() : LONGEST_MILLIS;
        return new RpcCall(
                Path.from(Answers.present(frame.get("path"))),
                new Identity(Identity.ANONYMOUS.author(), caller),
                Answers.array(frame.get("args")).items(),
                Answers.object(frame.get("kwargs")),
                Duration.ofMillis(millis));
    }

    /** Whatever a handler throws is its caller's error, and hurts nothing else. */
    private static void answer(RpcHandler handler, RpcCall call, BiConsumer<String, ObjectValue> answer) {
        ObjectValue result;
        try {
            result = Value.object("value", handler.call(call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(answer, "it was interrupted");
            return;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            fail(answer, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            return;
        }
        answer.accept("result", result);
    }

    private static void fail(BiConsumer<String, ObjectValue> answer, String why) {
        answer.accept("error", Value.object("detail", Value.of(why)));
    }

    /** Nobody waits for this call any more. */
    void cancel(Value id) {
        var work = running.remove(id);
        if (work != null) {
            work.cancel(true);
        }
    }

    /** Nobody waits for any of them: the connection they came by has ended. */
    void cancelAll() {
        running.keySet().forEach(this::cancel);
    }
}
