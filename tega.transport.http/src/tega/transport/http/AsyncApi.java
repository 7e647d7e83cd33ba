package tega.transport.http;

import java.util.List;
import tega.api.ObjectValue;
import tega.api.Value;

/** The AsyncAPI 3.0 document of the WebSocket: every frame of both protocols, with an example that the tests send or expect. */
final class AsyncApi {
    /** One kind of frame: who sends it, what it is for, and one of its kind. */
    record Frame(String protocol, String name, boolean fromClient, String summary, String example) {}

    static final List<Frame> FRAMES = List.of(
            v1("session", true, "says who the client is", "SESSION cli1 local"),
            v1("sessionack", false, "the session is open; the id of the server", "SESSIONACK srv"),
            v1("subscribe", true, "changes at and below a path, and messages to it", "SUBSCRIBE a.b local"),
            v1("subscribeRegex", true, "the same by expressions, one a name", "SUBSCRIBE r-(.*)\\.x local True"),
            v1("unsubscribe", true, "no more of one, or without a path of any", "UNSUBSCRIBE ch"),
            v1("unsubscribed", false, "its confirmation", "UNSUBSCRIBE ch"),
            v1(
                    "notify",
                    false,
                    "one commit",
                    "NOTIFY\n[{\"ope\":\"PUT\",\"path\":\"a.b.c\",\"tega_id\":\"cli2\",\"instance\":1}]"),
            v1("publish", true, "a message to a channel", "PUBLISH ch\n{\"message\":{\"x\":0}}"),
            v1("message", false, "a message from a channel", "MESSAGE ch cli2\n{\"message\":{\"x\":0}}"),
            v1("request", true, "a call", "REQUEST 1 RPC cli1 local.echo\n{\"args\":[1,null],\"kwargs\":null}"),
            v1("response", false, "its result", "RESPONSE 1 RPC cli1\n[1,null]"),
            v1(
                    "failure",
                    false,
                    "why it has none",
                    "RESPONSE 4 ERROR cli1\n{\"code\":\"CALLEE_FAILED\",\"message\":\"out of paper\"}"),
            v1(
                    "asked",
                    false,
                    "a call for the client",
                    "REQUEST 1 RPC cli1 rpc.f\n{\"args\":[1],\"kwargs\":{\"k\":2}}"),
            v1("answer", true, "its result", "RESPONSE 1 RPC cli1\n0"),
            v1(
                    "sync",
                    true,
                    "what was missed, by root and version held",
                    "REQUEST 8 SYNC None None\n{\"args\":null,\"kwargs\":{\"rpc\":0}}"),
            v1("error", false, "a frame was not understood", "ERROR INVALID the frame is empty"),
            v2("session", true, "says who the client is", "{\"op\":\"session\",\"id\":\"s\",\"tega_id\":\"cli1\"}"),
            v2(
                    "welcome",
                    false,
                    "the session is open",
                    "{\"epoch\":1,\"id\":\"s\",\"op\":\"session\",\"revision\":0,\"server\":\"srv\"}"),
            v2(
                    "watch",
                    true,
                    "changes of a path or pattern, from a revision on, at most so many unacknowledged",
                    "{\"op\":\"watch\",\"id\":4,\"path\":\"w\",\"window\":1}"),
            v2("watching", false, "the watch is on", "{\"id\":1,\"op\":\"watching\",\"revision\":0}"),
            v2("ack", true, "everything up to a revision is dealt with", "{\"op\":\"ack\",\"id\":4,\"revision\":3}"),
            v2("unwatch", true, "no more of it", "{\"op\":\"unwatch\",\"id\":1}"),
            v2("ended", false, "its confirmation", "{\"id\":1,\"op\":\"ended\"}"),
            v2("subscribe", true, "messages of channels", "{\"op\":\"subscribe\",\"id\":2,\"pattern\":\"news.*\"}"),
            v2("subscribed", false, "the subscription is on", "{\"id\":2,\"op\":\"subscribed\"}"),
            v2(
                    "publish",
                    true,
                    "a message to a channel",
                    "{\"op\":\"publish\",\"id\":6,\"channel\":[\"news\",\"x\"],\"message\":{\"n\":0}}"),
            v2("published", false, "so many heard it here", "{\"hearers\":1,\"id\":6,\"op\":\"published\"}"),
            v2(
                    "message",
                    false,
                    "a message from a channel",
                    "{\"channel\":[\"news\",\"x\"],\"id\":2,\"message\":{\"n\":0},\"op\":\"message\",\"publisher\":\"cli1\"}"),
            v2(
                    "call",
                    true,
                    "a call, given up after so many milliseconds",
                    "{\"op\":\"call\",\"id\":7,\"path\":\"rpc.f\",\"args\":[1],\"deadline\":5000}"),
            v2("result", false, "its result", "{\"id\":7,\"op\":\"result\",\"value\":false}"),
            v2("cancel", true, "it is not waited for any more", "{\"op\":\"cancel\",\"id\":9}"),
            v2("cancelled", false, "its confirmation", "{\"id\":9,\"op\":\"cancelled\"}"),
            v2(
                    "asked",
                    false,
                    "a call for the client",
                    "{\"args\":[1],\"caller\":\"cli1\",\"deadline\":5000,\"id\":\"1\",\"kwargs\":{},\"op\":\"call\",\"path\":[\"rpc\",\"f\"]}"),
            v2("answer", true, "its result", "{\"op\":\"result\",\"id\":\"1\",\"value\":false}"),
            v2("failure", true, "why it has none", "{\"op\":\"error\",\"id\":\"2\",\"detail\":\"no paper\"}"),
            v2(
                    "error",
                    false,
                    "what was asked under this id cannot be",
                    "{\"code\":\"NO_OWNER\",\"detail\":\"nobody answers for the RPC 'nobody'\",\"id\":10,\"op\":\"error\"}"));

    private AsyncApi() {}

    private static Frame v1(String name, boolean fromClient, String summary, String example) {
        return new Frame("v1", name, fromClient, summary, example);
    }

    private static Frame v2(String name, boolean fromClient, String summary, String example) {
        return new Frame(V2Dialect.NAME, name, fromClient, summary, example);
    }

    static ObjectValue document() {
        var channels = Value.object();
        var operations = Value.object();
        for (var protocol : List.of("v1", V2Dialect.NAME)) {
            var key = protocol.replace('.', '_');
            var messages = ObjectValue.builder();
            var toServer = new java.util.ArrayList<Value>();
            var toClient = new java.util.ArrayList<Value>();
            for (var frame : FRAMES) {
                if (frame.protocol().equals(protocol)) {
                    messages.put(frame.name(), message(frame));
                    var reference = "#/channels/" + key + "/messages/" + frame.name();
                    (frame.fromClient() ? toServer : toClient).add(Value.object("$ref", Value.of(reference)));
                }
            }
            var description = protocol.equals("v1")
                    ? "text frames: words separated by one blank, then a newline and one line of JSON"
                    : "JSON frames; Sec-WebSocket-Protocol: " + protocol;
            channels = channels.with(
                    key,
                    ObjectValue.builder()
                            .put("address", Value.of("/_pubsub"))
                            .put("description", Value.of(description))
                            .put("messages", messages.build())
                            .build());
            operations = operations
                    .with(key + "_receive", operation("receive", key, toServer))
                    .with(key + "_send", operation("send", key, toClient));
        }
        return ObjectValue.builder()
                .put("asyncapi", Value.of("3.0.0"))
                .put("info", Value.object("title", Value.of("tega"), "version", Value.of("1")))
                .put("channels", channels)
                .put("operations", operations)
                .build();
    }

    private static ObjectValue message(Frame frame) {
        var type = frame.protocol().equals("v1") ? "text/plain" : "application/json";
        return ObjectValue.builder()
                .put("summary", Value.of(frame.summary()))
                .put("contentType", Value.of(type))
                .put("payload", Value.object("type", Value.of(type.equals("text/plain") ? "string" : "object")))
                .put("examples", Value.array(Value.object("payload", Value.of(frame.example()))))
                .build();
    }

    private static ObjectValue operation(String action, String channel, List<Value> messages) {
        return ObjectValue.builder()
                .put("action", Value.of(action))
                .put("channel", Value.object("$ref", Value.of("#/channels/" + channel)))
                .put("messages", Value.array(messages))
                .build();
    }
}
