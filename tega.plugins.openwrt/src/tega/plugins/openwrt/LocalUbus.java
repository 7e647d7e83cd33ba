package tega.plugins.openwrt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * The bus of the router that this server runs on: {@code device.url} is {@code local:}. Calls are made with the program {@code
 * ubus}; what is staged is in a session of its own, as over HTTP, and files are the machine's.
 */
final class LocalUbus implements Ubus {
    /** What {@code device.url} says. */
    static final String URL = "local:";

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String SESSION = "ubus_rpc_session";

    private final JsonCodec json;
    private final Programs programs;
    private final LocalFiles files;
    private String session = "";

    LocalUbus(JsonCodec json, Programs programs, LocalFiles files) {
        this.json = json;
        this.programs = programs;
        this.files = files;
    }

    @Override
    public void login(String url) throws IOException {
        if (!url.equals(URL)) {
            throw new IOException("'" + url + "' is not the router that this server runs on");
        }
        // The same session as long as it lives: a trial belongs to the session that began it.
        if (!session.isEmpty() && isAlive()) {
            return;
        }
        var created = once("session", "create", Value.object("timeout", Value.of(300)));
        if (!(created.get(SESSION) instanceof StringValue id)) {
            throw new Refusal(Refusal.DENIED, "the router gave no session");
        }
        session = id.text();
        var all = Value.array(
                Value.array(Value.of("*"), Value.of("read")), Value.array(Value.of("*"), Value.of("write")));
        once(
                "session",
                "grant",
                Value.object(SESSION, id, "scope", Value.of("uci")).with("objects", all));
    }

    private boolean isAlive() throws IOException {
        try {
            once("session", "get", Value.object(SESSION, Value.of(session)));
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    @Override
    public ObjectValue call(String object, String method, ObjectValue args) throws IOException {
        if (object.equals("file") && !method.equals("exec")) {
            return files.call(method, args);
        }
        if (object.equals("file")) {
            return files.exec(programs, args);
        }
        if (!object.equals("uci")) {
            return once(object, method, args);
        }
        try {
            return once(object, method, args.with(SESSION, Value.of(session)));
        } catch (Refusal e) {
            if (e.status() != Refusal.DENIED || isAlive()) {
                throw e;
            }
            session = "";
            login(URL);
            return once(object, method, args.with(SESSION, Value.of(session)));
        }
    }

    private ObjectValue once(String object, String method, ObjectValue args) throws IOException {
        var ended = programs.run(List.of("ubus", "-S", "call", object, method, args.toString()), DEADLINE);
        var what = object + " " + method;
        if (ended.status() != 0) {
            throw new Refusal(ended.status(), what + " is refused by the router: status " + ended.status());
        }
        if (ended.output().isBlank()) {
            return Value.object();
        }
        try {
            return json.readJson(ended.output().strip().getBytes(StandardCharsets.UTF_8)) instanceof ObjectValue answer
                    ? answer
                    : Value.object();
        } catch (TegaException e) {
            throw new IOException("ubus answered no JSON to " + what, e);
        }
    }
}
