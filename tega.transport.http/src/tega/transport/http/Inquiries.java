package tega.transport.http;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;

/** The calls under way on one connection: those its client was asked, by the server's numbers, and those it asks. */
final class Inquiries {
    /** A call the client was asked. */
    record Inquiry(String number, Path path, long until, CompletableFuture<Value> answer) {}

    private final int most;
    private final Map<String, Inquiry> asked = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean gone;

    Inquiries(int most) {
        this.most = most;
    }

    /** The client asks; {@code LIMIT} when too much of it is under way, {@code INVALID} when {@code what} is already. */
    void begin(String number, String what) {
        if (asking.size() >= most) {
            throw new TegaException.LimitExceeded(
                    most + " calls of this client wait for an answer, which is the limit");
        }
        if (!asking.add(number)) {
            throw new TegaException.Invalid(what + " is under way already; take another number");
        }
    }

    /** The client no longer asks; whether it did. */
    boolean end(String number) {
        return asking.remove(number);
    }

    /** The client is asked; its answer ends the inquiry. Forgotten when whoever asked no longer waits. */
    Inquiry ask(RpcCall call) {
        if (asked.size() >= most) {
            var now = System.nanoTime();
            asked.values().removeIf(old -> old.until() - now < 0);
        }
        if (asked.size() >= most) {
            throw new TegaException.CallFailed(
                    ErrorCode.NOT_DELIVERED,
                    call.path(),
                    "the owner of '" + call.path() + "' has " + most + " calls to answer, which is the limit");
        }
        var number = Long.toString(numbers.incrementAndGet());
        var until = System.nanoTime() + call.remaining().toNanos();
        var inquiry = new Inquiry(number, call.path(), until, new CompletableFuture<>());
        asked.put(number, inquiry);
        if (gone) {
            lost(inquiry, "");
        }
        return inquiry;
    }

    /** Nobody waits for the answer any more. */
    void forget(String number) {
        asked.remove(number);
    }

    /** An answer nobody waits for any more is dropped. */
    void answered(String number, Value value) {
        var inquiry = asked.remove(number);
        if (inquiry != null) {
            inquiry.answer().complete(value);
        }
    }

    /** The client could not answer: a sentence, or an object with {@code message}. */
    void failed(String number, Value error) {
        var inquiry = asked.remove(number);
        if (inquiry != null) {
            inquiry.answer()
                    .completeExceptionally(
                            new TegaException.CallFailed(ErrorCode.CALLEE_FAILED, inquiry.path(), sentence(error)));
        }
    }

    private static String sentence(Value error) {
        var message = error instanceof ObjectValue object ? object.get("message") : error;
        return message instanceof StringValue text ? text.text() : error.toString();
    }

    /** The connection has ended: whether what was asked has happened is not known, but no answer will come. */
    void gone(String tegaId) {
        gone = true;
        asked.values().forEach(inquiry -> lost(inquiry, tegaId));
    }

    private static void lost(Inquiry inquiry, String tegaId) {
        var sentence = "the owner " + tegaId + " of '" + inquiry.path()
                + "' went away before it answered; whether it did what it was asked is not known";
        inquiry.answer()
                .completeExceptionally(new TegaException.UnknownOutcome(
                        sentence, new IllegalStateException("its connection has ended")));
    }

    /** What is wrong, taken out of what it is wrapped in. */
    static TegaException cause(@Nullable Throwable failure) {
        if (failure == null) {
            return new TegaException.Internal("there is no result", new IllegalStateException());
        }
        var cause = failure.getCause();
        return Problem.unexpected(cause != null && !(failure instanceof TegaException) ? cause : failure);
    }

    /** A failure as v1 tells it. */
    static ObjectValue told(Throwable failure) {
        var error = cause(failure);
        return Value.object("code", Value.of(error.code().name()), "message", Value.of(error.getMessage()));
    }
}
