package tega.transport.http;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.api.plugin.RpcCall;
import tega.api.spi.Channels;
import tega.api.spi.Sessions;

/** The text protocol of v1 on one connection. */
final class V1Dialect implements Socket.Dialect {
    /** For browsers that must name a protocol when they name anything; others need not. */
    static final String NAME = "tega.v1";

    private static final String SESSION = "SESSION <id> local|global";
    private static final String SUBSCRIBE = "SUBSCRIBE <path> local|global [True|False]";
    private static final String PUBLISH = "PUBLISH <channel>, a newline and {\"message\":…}";
    private static final String REQUEST =
            "REQUEST <seq> RPC|SYNC|REFER <caller> <path>, a newline and {\"args\":…,\"kwargs\":…}";
    private static final String RESPONSE = "RESPONSE <seq> RPC|ERROR <caller>, a newline and a JSON value";

    private final Socket socket;
    private final Outbox outbox;
    private final Parts parts;
    private final Dispatcher dispatcher;
    private final HttpOptions options;
    private final Interests interests = new Interests();
    private final Belongings channels = new Belongings();
    private final Belongings watches = new Belongings();
    private final ReferredRoots notices = new ReferredRoots();
    private final Stay stay;
    private @Nullable Delivery delivery;
    private @Nullable Path watched;

    V1Dialect(
            Socket socket,
            Caller caller,
            Outbox outbox,
            Parts parts,
            Clients clients,
            Dispatcher dispatcher,
            HttpOptions options) {
        this.socket = socket;
        this.outbox = outbox;
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.options = options;
        this.stay = new Stay(caller::identity, outbox, parts, clients, options);
    }

    @Override
    public String error(ErrorCode code, String sentence) {
        return "ERROR " + code + " " + sentence.replace('\n', ' ');
    }

    @Override
    public void text(String message) {
        var frame = V1Frame.read(message);
        switch (frame.command()) {
            case "SESSION" -> open(frame);
            case "SUBSCRIBE" -> subscribe(frame);
            case "UNSUBSCRIBE" -> unsubscribe(frame);
            case "PUBLISH" -> publish(frame);
            case "REQUEST" -> request(frame);
            case "RESPONSE" -> response(frame);
            case "NOTIFY" -> notices.take(stay.tega(), parts.json().readJson(frame.body(ReferredRoots.SHAPE)));
            default -> throw frame.malformed("SESSION, SUBSCRIBE, UNSUBSCRIBE, PUBLISH, REQUEST or RESPONSE");
        }
    }

    private void open(V1Frame frame) {
        if (frame.words().size() != 2) {
            throw frame.malformed(SESSION);
        }
        var reach = Scope.of(frame.words().get(1));
        var session = stay.begin(frame.words().get(0), reach, Sessions.TTL, this::ask);
        outbox.send("SESSIONACK " + session.tega().serverId());
    }

    private void subscribe(V1Frame frame) {
        stay.tega();
        var words = frame.words();
        var last = words.size() - 1;
        var regex = false;
        if (last >= 2 && isFlag(words.get(last))) {
            regex = Query.isTrue(words.get(last));
            last--;
        }
        if (last < 1) {
            throw frame.malformed(SUBSCRIBE);
        }
        var reach = Scope.of(words.get(last));
        var text = frame.joined(0, last);
        var name = name(text, regex);
        var pattern = regex ? PathPattern.regex(text) : PathPattern.subtree(Path.parse(text));
        if (pattern.parts().isEmpty()) {
            throw frame.malformed(SUBSCRIBE);
        }
        if (interests.size() >= options.subscriptions()) {
            throw new TegaException.LimitExceeded(
                    "this client has " + options.subscriptions() + " subscriptions, which is the limit");
        }
        if (!interests.add(name, pattern, stay.tega().snapshot().revision())) {
            return;
        }
        try {
            var subscription = new Channels.Subscription(stay.known(), pattern, reach);
            channels.keep(name, parts.channels().subscribe(subscription, this::hear));
            watch();
        } catch (TegaException e) {
            forget(name);
            throw e;
        }
    }

    private static boolean isFlag(String word) {
        return Query.isTrue(word) || word.equals("False") || word.equals("false") || word.equals("0");
    }

    private static String name(String text, boolean regex) {
        return (regex ? "regex " : "plain ") + text;
    }

    /** One watch serves all subscriptions, so that a commit is told once and in order; it covers what they have in common. */
    private void watch() {
        var before = delivery;
        var common = interests.common().orElse(null);
        if (common == null) {
            watches.clear();
            delivery = null;
            watched = null;
            return;
        }
        if (before != null && watched != null && common.startsWith(watched)) {
            return;
        }
        var request = WatchRequest.of(common).withoutOwn();
        if (before != null) {
            watches.clear();
            request = request.from(before.revision());
        }
        var newer = new Delivery(stay.tega().watch(request), outbox, dispatcher, this::tell);
        watches.keep(common, newer);
        delivery = newer;
        watched = common;
        newer.start();
    }

    private void tell(WatchEvent event) {
        if (event instanceof WatchEvent.Changed changed) {
            tell(changed.change());
        } else if (event instanceof WatchEvent.Slow) {
            outbox.slow();
        } else if (event instanceof WatchEvent.Compacted) {
            socket.sayGoodBye(Outbox.SLOW, "COMPACTED: what you have missed is no longer kept; connect again");
        }
    }

    private void tell(Change change) {
        var view = interests.view(change);
        if (!view.isEmpty()) {
            outbox.send(V1Text.notify(change, view, stay.tega()));
        }
    }

    private void unsubscribe(V1Frame frame) {
        stay.tega();
        var words = frame.words();
        if (words.isEmpty()) {
            interests.names().forEach(interests::remove);
            channels.clear();
            watch();
            outbox.send("UNSUBSCRIBE");
            return;
        }
        var end = words.size();
        var regex = false;
        if (end >= 2 && isFlag(words.get(end - 1))) {
            regex = Query.isTrue(words.get(end - 1));
            end--;
        }
        var text = frame.joined(0, end);
        forget(name(text, regex));
        watch();
        outbox.send("UNSUBSCRIBE " + text);
    }

    private void forget(String name) {
        interests.remove(name);
        channels.close(name);
    }

    private void publish(V1Frame frame) {
        stay.tega();
        if (frame.words().isEmpty()) {
            throw frame.malformed(PUBLISH);
        }
        var channel = Path.parse(frame.joined(0, frame.words().size()));
        var body = parts.json().readJson(frame.body(PUBLISH));
        var message = body instanceof ObjectValue object ? object.get("message") : null;
        if (message == null) {
            throw frame.malformed(PUBLISH);
        }
        parts.channels().as(stay.known()).publish(channel, message);
    }

    private void hear(Path channel, String publisher, Value message) {
        outbox.send("MESSAGE " + channel + " " + publisher + "\n{\"message\":" + message + "}");
    }

    private void request(V1Frame frame) {
        stay.tega();
        var number = frame.word(0, REQUEST);
        var type = frame.word(1, REQUEST);
        var caller = frame.word(2, REQUEST);
        var body = TransactionResource.object(parts.json().readJson(frame.body(REQUEST)), "the body");
        switch (type) {
            case "RPC" -> call(frame, number, caller, body);
            case "SYNC" -> {
                CatchUp.missed(stay.tega(), RpcResource.kwargs(body)).forEach(outbox::send);
                outbox.send("RESPONSE " + number + " SYNC " + caller + "\nnull");
            }
            case "REFER" -> {
                for (var root : notices.refer(RpcResource.args(body))) {
                    outbox.send("SUBSCRIBE " + root + " global False");
                }
                outbox.send("RESPONSE " + number + " REFER " + caller + "\nnull");
            }
            default -> throw frame.malformed(REQUEST);
        }
    }

    private void call(V1Frame frame, String number, String caller, ObjectValue body) {
        frame.word(3, REQUEST);
        var path = Path.parse(frame.joined(3, frame.words().size()));
        stay.inquiries().begin(number, "the request " + number);
        parts.calls()
                .as(stay.known())
                .call(path, RpcResource.args(body), RpcResource.kwargs(body), options.call())
                .whenComplete((result, failure) -> {
                    stay.inquiries().end(number);
                    outbox.send(
                            failure == null
                                    ? "RESPONSE " + number + " RPC " + caller + "\n" + result
                                    : "RESPONSE " + number + " ERROR " + caller + "\n" + Inquiries.told(failure));
                });
    }

    /** A call for this client to answer. */
    private CompletionStage<Value> ask(RpcCall call) {
        var inquiry = stay.inquiries().ask(call);
        outbox.send("REQUEST " + inquiry.number() + " RPC " + call.caller() + " " + call.path() + "\n{\"args\":"
                + Value.array(call.args()) + ",\"kwargs\":" + call.kwargs() + "}");
        return inquiry.answer();
    }

    private void response(V1Frame frame) {
        stay.tega();
        var number = frame.word(0, RESPONSE);
        var type = frame.word(1, RESPONSE);
        var value = parts.json().readJson(frame.body(RESPONSE));
        switch (type) {
            case "RPC" -> stay.inquiries().answered(number, value);
            case "ERROR" -> stay.inquiries().failed(number, value);
            default -> throw frame.malformed(RESPONSE);
        }
    }

    @Override
    public void ended(boolean clean) {
        watches.end();
        channels.end();
        stay.end(clean);
    }
}
