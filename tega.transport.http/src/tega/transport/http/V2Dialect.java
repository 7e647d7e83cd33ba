package tega.transport.http;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.Channels;
import tega.api.spi.Sessions;

/** The protocol tega.v2 on one connection: JSON frames, each with what it is ({@code op}) and what it is about ({@code id}). */
final class V2Dialect implements Socket.Dialect {
    static final String NAME = "tega.v2";

    private static final long LONGEST_TTL = 3600;
    private static final int LARGEST_WINDOW = 100_000;

    private final Outbox outbox;
    private final Parts parts;
    private final Dispatcher dispatcher;
    private final HttpOptions options;
    private final Stay stay;
    private final Belongings belongings = new Belongings();

    V2Dialect(Caller caller, Outbox outbox, Parts parts, Clients clients, Dispatcher dispatcher, HttpOptions options) {
        this.outbox = outbox;
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.options = options;
        this.stay = new Stay(caller::identity, outbox, parts, clients, options);
    }

    @Override
    public String error(ErrorCode code, String sentence) {
        return error(Value.NULL, code, sentence);
    }

    private static String error(Value id, ErrorCode code, String sentence) {
        return ObjectValue.builder()
                .put("op", Value.of("error"))
                .put("id", id)
                .put("code", Value.of(code.name()))
                .put("detail", Value.of(sentence))
                .build()
                .toString();
    }

    @Override
    public void text(String message) {
        var frame = TransactionResource.object(parts.json().readJson(message), "a frame");
        var op = TransactionResource.text(frame, "op")
                .orElseThrow(() -> new TegaException.Invalid("a frame says in 'op' what it is"));
        var id = frame.get("id");
        if (!(id instanceof StringValue) && !(id instanceof NumberValue)) {
            throw new TegaException.Invalid("a frame has an 'id', a string or a number");
        }
        try {
            handle(op, id, frame);
        } catch (TegaException e) {
            outbox.send(error(id, e.code(), e.getMessage()));
        }
    }

    private void handle(String op, Value id, ObjectValue frame) {
        switch (op) {
            case "session" -> open(id, frame);
            case "watch" -> watch(id, frame);
            case "ack" -> acknowledge(id, frame);
            case "unwatch", "unsubscribe" -> end(id);
            case "subscribe" -> subscribe(id, frame);
            case "publish" -> publish(id, frame);
            case "call" -> call(id, frame);
            case "cancel" -> cancel(id);
            case "result" -> stay.inquiries().answered(number(id), value(frame));
            case "error" -> stay.inquiries().failed(number(id), detail(frame));
            default ->
                throw new TegaException.Invalid("'" + op
                        + "' is not one of session, watch, ack, unwatch, subscribe, unsubscribe, publish, call, cancel,"
                        + " result and error");
        }
    }

    private static String number(Value id) {
        return id instanceof StringValue text ? text.text() : id.toString();
    }

    private static Value value(ObjectValue frame) {
        var value = frame.get("value");
        if (value == null) {
            throw new TegaException.Invalid("a result has a 'value'");
        }
        return value;
    }

    private static Value detail(ObjectValue frame) {
        var detail = frame.get("detail");
        return detail == null ? Value.of("it did not say why") : detail;
    }

    private void open(Value id, ObjectValue frame) {
        var tegaId = TransactionResource.text(frame, "tega_id").orElse("");
        var reach = Scope.of(TransactionResource.text(frame, "scope").orElse(Scope.LOCAL.wireName()));
        var ttl = frame.has("ttl") ? TransactionResource.number(frame, "ttl") : Sessions.TTL.toSeconds();
        if (ttl < 0 || ttl > LONGEST_TTL) {
            throw new TegaException.Invalid("a ttl is 0 to " + LONGEST_TTL + " seconds, not " + ttl);
        }
        var session = stay.begin(tegaId, reach, Duration.ofSeconds(ttl), this::ask);
        send(
                "session",
                id,
                Value.object("server", Value.of(session.tega().serverId()), "epoch", Value.of(session.epoch()))
                        .with("revision", Value.of(session.tega().snapshot().revision())));
    }

    private void send(String op, Value id, ObjectValue content) {
        outbox.send(content.with("op", Value.of(op)).with("id", id).toString());
    }

    private void watch(Value id, ObjectValue frame) {
        stay.tega();
        claim(id);
        var request = WatchResource.request(
                frame.has("path") ? path(frame, "path") : null,
                TransactionResource.text(frame, "pattern")
                        .map(text -> WatchResource.pattern(text, TransactionResource.isTrue(frame, "regex")))
                        .orElse(null),
                frame.has("since") ? OptionalLong.of(TransactionResource.number(frame, "since")) : OptionalLong.empty(),
                TransactionResource.text(frame, "mode").orElse("log"),
                TransactionResource.isTrue(frame, "initial"));
        if (frame.has("own") && !TransactionResource.isTrue(frame, "own")) {
            request = request.withoutOwn();
        }
        var window = frame.has("window") ? TransactionResource.number(frame, "window") : 0;
        if (window < 0 || window > LARGEST_WINDOW) {
            throw new TegaException.Invalid("a window is 0 to " + LARGEST_WINDOW + " changes, not " + window);
        }
        var watch = stay.tega().watch(request);
        var told = new V2Watch(
                id, request.pattern(), watch, (int) window, outbox, dispatcher, () -> belongings.remove(id));
        belongings.keep(id, told);
        send("watching", id, Value.object("revision", Value.of(watch.revision())));
        told.start();
    }

    /** An id is about one thing at a time, and there are so many of them. */
    private void claim(Value id) {
        if (belongings.has(id)) {
            throw new TegaException.Invalid("the id " + id + " is in use; end that first, or take another");
        }
        if (belongings.size() >= options.subscriptions()) {
            throw new TegaException.LimitExceeded(
                    "this client has " + options.subscriptions() + " watches and subscriptions, which is the limit");
        }
    }

    /** A path as an array of names, or dotted. */
    private static Path path(ObjectValue frame, String name) {
        var path = frame.get(name);
        if (path == null) {
            throw new TegaException.Invalid("'" + name + "' is missing");
        }
        return path instanceof StringValue dotted ? Path.parse(dotted.text()) : Path.from(path);
    }

    private void acknowledge(Value id, ObjectValue frame) {
        if (belongings.get(id) instanceof V2Watch watch) {
            watch.acknowledge(TransactionResource.number(frame, "revision"));
        }
    }

    private void end(Value id) {
        if (!belongings.close(id)) {
            throw new TegaException.NotFound("there is no watch and no subscription " + id);
        }
        send("ended", id, Value.object());
    }

    private void subscribe(Value id, ObjectValue frame) {
        var identity = stay.known();
        claim(id);
        var pattern = TransactionResource.text(frame, "pattern");
        var what = pattern.isPresent()
                ? WatchResource.pattern(pattern.get(), TransactionResource.isTrue(frame, "regex"))
                : PathPattern.subtree(path(frame, "channel"));
        var reach = Scope.of(TransactionResource.text(frame, "scope").orElse(Scope.LOCAL.wireName()));
        var subscription = new Channels.Subscription(identity, what, reach);
        belongings.keep(
                id,
                parts.channels()
                        .subscribe(
                                subscription,
                                (channel, publisher, message) -> send(
                                        "message",
                                        id,
                                        Value.object("channel", channel.toValue(), "publisher", Value.of(publisher))
                                                .with("message", message))));
        send("subscribed", id, Value.object());
    }

    private void publish(Value id, ObjectValue frame) {
        var message = frame.get("message");
        if (message == null) {
            throw new TegaException.Invalid("'message' is missing");
        }
        var hearers = parts.channels().as(stay.known()).publish(path(frame, "channel"), message);
        send("published", id, Value.object("hearers", Value.of(hearers)));
    }

    private void call(Value id, ObjectValue frame) {
        var identity = stay.known();
        var longest = options.call().toMillis();
        var deadline = frame.has("deadline") ? TransactionResource.number(frame, "deadline") : longest;
        if (deadline < 1 || deadline > longest) {
            throw new TegaException.Invalid("a deadline is 1 to " + longest + " milliseconds, not " + deadline);
        }
        var path = path(frame, "path");
        var number = id.toString();
        stay.inquiries().begin(number, "the call " + id);
        parts.calls()
                .as(identity)
                .call(path, RpcResource.args(frame), RpcResource.kwargs(frame), Duration.ofMillis(deadline))
                .whenComplete((result, failure) -> {
                    if (stay.inquiries().end(number)) {
                        answer(id, result, failure);
                    }
                });
    }

    private void answer(Value id, @Nullable Value result, @Nullable Throwable failure) {
        if (failure == null && result != null) {
            send("result", id, Value.object("value", result));
            return;
        }
        var error = Inquiries.cause(failure);
        outbox.send(error(id, error.code(), error.getMessage()));
    }

    /** The client no longer waits for its call: nothing more is said about it. */
    private void cancel(Value id) {
        if (!stay.inquiries().end(id.toString())) {
            throw new TegaException.NotFound("there is no call " + id + " under way");
        }
        send("cancelled", id, Value.object());
    }

    private CompletionStage<Value> ask(RpcCall call) {
        var inquiry = stay.inquiries().ask(call);
        send(
                "call",
                Value.of(inquiry.number()),
                ObjectValue.builder()
                        .put("path", call.path().toValue())
                        .put("caller", Value.of(call.caller()))
                        .put("args", Value.array(call.args()))
                        .put("kwargs", call.kwargs())
                        .put("deadline", Value.of(call.remaining().toMillis()))
                        .build());
        CompletionStage<Value> answer = inquiry.answer();
        answer.whenComplete((value, failure) -> {
            if (inquiry.answer().isCancelled()) {
                stay.inquiries().forget(inquiry.number());
                send("cancel", Value.of(inquiry.number()), Value.object());
            }
        });
        return answer;
    }

    @Override
    public void ended(boolean clean) {
        belongings.end();
        stay.end(clean);
    }
}
