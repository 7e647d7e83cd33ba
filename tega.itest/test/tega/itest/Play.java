package tega.itest;

import static java.util.Objects.requireNonNull;
import static tega.itest.ConformanceTest.items;
import static tega.itest.ConformanceTest.text;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Registration;
import tega.api.spi.Server;
import tega.api.spi.Subscriber;
import tega.client.HttpConnector;

/** One scenario: its clients, and what it kept. */
final class Play implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Pattern REFERENCE = Pattern.compile("\\$(\\w+)(?:\\.(\\d+))?([+-]\\d+)?");

    private record Heard(BlockingQueue<Value> messages, Registration registration) {}

    private final ConformanceTest.Stage stage;
    private final Map<String, Server> clients = new LinkedHashMap<>();
    private final Map<String, Proxy> proxies = new HashMap<>();
    private final Map<String, Value> kept = new HashMap<>();
    private final Map<String, Heard> subscriptions = new HashMap<>();
    private final Map<String, CompletableFuture<Value>> tasks = new HashMap<>();
    private final Services services = new Services();
    private final Database database = new Database(this);
    private boolean down;

    Play(ConformanceTest.Stage stage) {
        this.stage = stage;
    }

    @Override
    public void close() throws IOException {
        database.close();
        if (down) {
            server("start");
        }
        for (var client : clients.values()) {
            client.close();
        }
        for (var proxy : proxies.values()) {
            proxy.close();
        }
    }

    private static String name(ObjectValue step) {
        return step.has("as") ? text(step, "as") : "a";
    }

    Server client(ObjectValue step) {
        return clients.computeIfAbsent(name(step), id -> {
            try {
                var proxy = new Proxy(stage.port());
                proxies.put(id, proxy);
                var connector = new HttpConnector();
                if (step.get("ttl") instanceof NumberValue ttl) {
                    connector = connector.ttl(Duration.ofSeconds(ttl.longValue()));
                }
                return connector.connect(URI.create("http://127.0.0.1:" + proxy.port()), id, null);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** One step, again and again if it may take its time. */
    void step(ObjectValue raw) throws Exception {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                once(raw);
                return;
            } catch (AssertionError e) {
                if (!raw.has("eventually") || System.nanoTime() > until) {
                    throw new AssertionError("at " + raw + ": " + e.getMessage(), e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private Value once(ObjectValue raw) throws Exception {
        var step = (ObjectValue) filled(raw.without("step"));
        Value result;
        try {
            result = act(step, raw);
        } catch (TegaException e) {
            if (!text(step, "fails").equals(e.code().name())) {
                throw new AssertionError("it failed with " + e.code() + ": " + e.getMessage(), e);
            }
            return Value.NULL;
        }
        if (step.has("fails")) {
            throw new AssertionError("it did not fail, but gave " + result);
        }
        var gives = step.get("gives");
        if (gives != null && !Likeness.equal(gives, result)) {
            throw new AssertionError("it gave " + result + ", not " + gives);
        }
        var like = step.get("like");
        if (like != null && !Likeness.like(like, result)) {
            throw new AssertionError("it gave " + result + ", not the like of " + like);
        }
        if (step.has("keep")) {
            kept.put(text(step, "keep"), result);
        }
        return result;
    }

    /** What was kept in the place of its names. */
    Value filled(Value value) {
        if (value instanceof StringValue string) {
            var reference = REFERENCE.matcher(string.text());
            if (string.text().equals("$any") || !reference.matches()) {
                return value;
            }
            var known = requireNonNull(kept.get(reference.group(1)), string.text());
            if (reference.group(2) != null) {
                known = ((ArrayValue) known).get(Integer.parseInt(reference.group(2)));
            }
            var plus = reference.group(3) == null ? 0 : Long.parseLong(reference.group(3));
            return Value.of(((NumberValue) known).longValue() + plus);
        }
        if (value instanceof ArrayValue array) {
            return Value.array(array.items().stream().map(this::filled).toList());
        }
        if (value instanceof ObjectValue object) {
            var filled = ObjectValue.builder();
            for (var member : object) {
                // The steps of a transaction keep what they find out themselves.
                filled.put(member.name(), member.name().equals("steps") ? member.value() : filled(member.value()));
            }
            return filled.build();
        }
        return value;
    }

    private Value act(ObjectValue step, ObjectValue raw) throws Exception {
        var verb = text(step, "do");
        switch (verb) {
            case "server" -> server(text(step, "act"));
            case "network" -> {
                client(step);
                requireNonNull(proxies.get(name(step))).act(text(step, "act"));
            }
            case "close" -> client(step).close();
            case "client" -> client(step);
            case "start" -> start(text(step, "task"), (ObjectValue) requireNonNull(raw.get("step")));
            case "finish" -> {
                return finish(text(step, "task"));
            }
            case "call" -> {
                return call(step);
            }
            case "serve" -> services.serve(client(step), name(step), step);
            case "unserve" -> services.unserve(name(step), path(step, "path"));
            case "served" -> {
                return Value.of(services.served(name(step), path(step, "path")));
            }
            case "subscribe" -> subscribe(step);
            case "unsubscribe" ->
                requireNonNull(subscriptions.get(text(step, "subscription")))
                        .registration()
                        .close();
            case "heard" -> {
                var heard = requireNonNull(subscriptions.get(text(step, "subscription")))
                        .messages()
                        .poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (heard == null) {
                    throw missing("a message");
                }
                return heard;
            }
            case "publish" -> {
                return Value.of((long) client(step).messages().publish(path(step, "channel"), value(step, "message")));
            }
            default -> {
                return database.act(verb, step);
            }
        }
        return Value.NULL;
    }

    private static AssertionError missing(String what) {
        return new AssertionError("there was not " + what + " within " + PATIENCE);
    }

    static Path path(ObjectValue step, String name) {
        return Path.from(requireNonNull(step.get(name), name));
    }

    static Value value(ObjectValue step, String name) {
        return requireNonNull(step.get(name), name);
    }

    private void server(String act) throws IOException {
        down = !act.equals("start");
        stage.act(act);
        for (var proxy : proxies.values()) {
            proxy.server(!down);
        }
    }

    private void start(String task, ObjectValue step) {
        tasks.put(task, CompletableFuture.supplyAsync(() -> {
            try {
                return act((ObjectValue) filled(step), step);
            } catch (TegaException e) {
                throw e;
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        }));
    }

    private Value finish(String task) throws Exception {
        return result(requireNonNull(tasks.get(task)));
    }

    private static Value result(java.util.concurrent.Future<Value> future) throws Exception {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TegaException told ? told : e;
        } catch (TimeoutException e) {
            throw missing("an answer");
        }
    }

    private Value call(ObjectValue step) throws Exception {
        var deadline = step.get("deadline") instanceof NumberValue number ? number.longValue() : 30_000;
        var kwargs = step.get("kwargs") instanceof ObjectValue object ? object : Value.object();
        List<Value> args = items(step, "args");
        return result(client(step)
                .rpc()
                .call(path(step, "path"), args, kwargs, Duration.ofMillis(deadline))
                .toCompletableFuture());
    }

    private void subscribe(ObjectValue step) {
        var pattern = step.has("pattern")
                ? PathPattern.parse(text(step, "pattern"))
                : PathPattern.subtree(path(step, "channel"));
        var messages = new LinkedBlockingQueue<Value>();
        var registration = client(step).subscribe(pattern, Scope.LOCAL, new Subscriber() {
            @Override
            public void message(Path channel, String publisher, Value message) {
                messages.add(Value.object("channel", channel.toValue(), "publisher", Value.of(publisher))
                        .with("message", message));
            }

            @Override
            public void lost(String reason) {
                messages.add(Value.of(reason));
            }
        });
        subscriptions.put(text(step, "subscription"), new Heard(messages, registration));
    }

    static @Nullable String message(ObjectValue step) {
        return step.has("message") ? text(step, "message") : null;
    }
}
