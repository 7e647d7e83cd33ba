package tega.transport.http;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.TegaException;

/**
 * Where every request comes in: reads the body without holding a thread, finds the route, and writes what it answers in one
 * go. Nothing of a request that fails half way gets further than this.
 */
final class Door extends Handler.Abstract {
    /** v1's one GET that does something. */
    private static final String ACTS = "/_reload";

    private static final byte[] NO_BODY = {};

    private final Routes routes;
    private final Parts parts;
    private final Clients clients;
    private final Origins origins;
    private final HttpOptions options;
    private final Pending pending = new Pending();
    private final AtomicLong buffered = new AtomicLong();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();

    Door(Routes routes, Parts parts, Clients clients, Origins origins, HttpOptions options) {
        this.origins = origins;
        this.routes = routes;
        this.parts = parts;
        this.clients = clients;
        this.options = options;
    }

    long requests() {
        return requests.sum();
    }

    long failures() {
        return failures.sum();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        requests.increment();
        var method = request.getMethod();
        origins.tell(request, response);
        var bare = method.equals("GET") || method.equals("HEAD") || method.equals("DELETE") || request.getLength() == 0;
        Caller caller;
        try {
            if (!method.equals("GET") && !method.equals("HEAD") && !origins.isWelcome(request)) {
                throw foreign();
            }
            if (origins.isQuestion(request)) {
                send(request, response, callback, Origins.answer());
                return true;
            }
            caller = Caller.of(request, parts, origins);
        } catch (RuntimeException e) {
            var answer = HealthResource.isProbe(request, e) ? HealthResource.bare(parts) : Problem.of(e);
            // The body is not waited for, so the connection cannot be used again.
            send(request, response, callback, bare ? answer : answer.with(HttpHeader.CONNECTION, "close"));
            return true;
        }
        if (bare) {
            serve(request, response, callback, caller, NO_BODY);
        } else {
            new Arrival(request, response, callback, caller).read();
        }
        return true;
    }

    private static Refusal foreign() {
        return new Refusal(403, ErrorCode.FORBIDDEN, "pages of other sites may change nothing here");
    }

    private void serve(Request request, Response response, Callback callback, Caller caller, byte[] body) {
        var method = request.getMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            var reply = reply(request, caller, body);
            if (reply instanceof Answer answer) {
                send(request, response, callback, answer);
            } else if (reply instanceof Reply.Stream stream) {
                stream.begin(request, response, callback);
            } else {
                later((Reply.Later) reply, pending.begin(answer -> send(request, response, callback, answer)));
            }
            return;
        }
        var turn = pending.begin(answer -> send(request, response, callback, answer));
        var reply = reply(request, caller, body);
        if (reply instanceof Answer answer) {
            turn.answer(answer);
        } else if (reply instanceof Reply.Later later) {
            later(later, turn);
        } else if (reply instanceof Reply.Stream stream) {
            turn.leave();
            stream.begin(request, response, callback);
        }
    }

    private static void later(Reply.Later later, Pending.Turn turn) {
        later.answer().whenComplete((answer, failure) -> turn.answer(failure == null ? answer : Problem.of(failure)));
    }

    private Reply reply(Request request, Caller caller, byte[] body) {
        try {
            var uri = request.getHttpURI();
            var target = uri.getPath();
            target = target == null ? "/" : target;
            var route = routes.find(request.getMethod(), target);
            if (route.path().equals(ACTS) && !origins.isWelcomeToAct(request)) {
                throw foreign();
            }
            var plain = body.length == 0 ? body : Packing.unpacked(request, body, options.bodyBytes());
            return route.endpoint()
                    .answer(new Exchange(request, target, Query.of(uri.getQuery()), plain, caller, parts, clients));
        } catch (RuntimeException | StackOverflowError e) {
            return Problem.of(e);
        }
    }

    /** Answers those for whom it has taken too long. */
    void lookAfter(long now) {
        pending.lookAfter(
                now,
                options.deadline().toNanos(),
                Problem.answer(
                                504,
                                ErrorCode.UNKNOWN_OUTCOME,
                                null,
                                "it did not end within " + options.deadline().toMillis()
                                        + " ms; whether it happened, or still will, is not known")
                        .with(HttpHeader.CONNECTION, "close"));
    }

    private void send(Request request, Response response, Callback callback, Answer answer) {
        if (answer.status() >= 500) {
            failures.increment();
        }
        response.setStatus(answer.status());
        var headers = response.getHeaders();
        var type = answer.type();
        if (type != null) {
            headers.add(type);
        }
        var revision = answer.revision() < 0 ? currentRevision(answer.status()) : answer.revision();
        if (revision >= 0) {
            headers.add("Tega-Revision", Long.toString(revision));
        }
        for (var header : answer.headers()) {
            headers.add(header);
        }
        var body = answer.body();
        var tag = answer.tag();
        if (Packing.isWanted(request, body.length)) {
            body = Packing.packed(body);
            headers.add(HttpHeader.CONTENT_ENCODING, "gzip");
            headers.add(HttpHeader.VARY, "Accept-Encoding");
            tag = tag == null ? null : tag.substring(0, tag.length() - 1) + "-gzip\"";
        }
        if (tag != null) {
            headers.add(HttpHeader.ETAG, tag);
        }
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** Not for those who are not let in. */
    private long currentRevision(int status) {
        try {
            return parts.ready() && status != 401 && status != 403
                    ? clients.tega(Identity.ANONYMOUS).snapshot().revision()
                    : -1;
        } catch (TegaException e) {
            return -1;
        }
    }

    /** A body on its way. Nobody waits for it; it must be here in time. */
    private final class Arrival implements Runnable {
        private final Request request;
        private final Caller caller;
        private final Response response;
        private final Callback callback;
        private boolean ended;
        private byte[] body = NO_BODY;
        private int size;
        private Scheduler.@Nullable Task deadline;

        Arrival(Request request, Response response, Callback callback, Caller caller) {
            this.request = request;
            this.caller = caller;
            this.response = response;
            this.callback = callback;
        }

        @Override
        public void run() {
            read();
        }

        void read() {
            if (request.getLength() > options.bodyBytes()) {
                refuse(tooLarge());
                return;
            }
            while (true) {
                var chunk = request.read();
                if (chunk == null) {
                    startClock();
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    end();
                    callback.failed(chunk.getFailure());
                    return;
                }
                var fits = take(chunk.getByteBuffer());
                chunk.release();
                if (fits != null) {
                    refuse(fits);
                    return;
                }
                if (chunk.isLast()) {
                    if (end()) {
                        serve(
                                request,
                                response,
                                callback,
                                caller,
                                body.length == size ? body : java.util.Arrays.copyOf(body, size));
                    }
                    return;
                }
            }
        }

        /** Keeps the bytes; why it cannot, or null. */
        private synchronized @Nullable Answer take(ByteBuffer bytes) {
            if (ended) {
                return tooLarge();
            }
            var more = bytes.remaining();
            if (size + more > options.bodyBytes()) {
                return tooLarge();
            }
            if (size + more > body.length) {
                var room =
                        body.length == 0 ? more : Math.min(options.bodyBytes(), Math.max(size + more, 2 * body.length));
                if (buffered.addAndGet(room - body.length) > options.bufferedBytes()) {
                    buffered.addAndGet(body.length - room);
                    return Problem.answer(
                            503,
                            ErrorCode.LIMIT,
                            null,
                            "request bodies of more than " + options.bufferedBytes()
                                    + " bytes are on their way; try again");
                }
                body = java.util.Arrays.copyOf(body, room);
            }
            bytes.get(body, size, more);
            size += more;
            return null;
        }

        private Answer tooLarge() {
            return Problem.answer(
                    413,
                    ErrorCode.LIMIT,
                    null,
                    "the body is larger than the limit of " + options.bodyBytes() + " bytes");
        }

        private synchronized void startClock() {
            if (deadline == null) {
                deadline = request.getComponents()
                        .getScheduler()
                        .schedule(this::late, options.arrival().toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void late() {
            refuse(Problem.answer(
                    408,
                    ErrorCode.TIMEOUT,
                    null,
                    "the body did not arrive within " + options.arrival().toSeconds() + " s"));
        }

        /** The rest of the body is not waited for, so the connection cannot be used again. */
        private void refuse(Answer answer) {
            if (end()) {
                send(request, response, callback, answer.with(HttpHeader.CONNECTION, "close"));
            }
        }

        private synchronized boolean end() {
            if (ended) {
                return false;
            }
            ended = true;
            if (deadline != null) {
                deadline.cancel();
            }
            buffered.addAndGet(-body.length);
            return true;
        }
    }
}
