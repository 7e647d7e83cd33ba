package tega.shell;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;
import tega.api.Identity;
import tega.api.Value;
import tega.api.spi.Authorizer;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Connector;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.LogProvider;
import tega.api.spi.Scheduler;
import tega.api.spi.Server;
import tega.api.spi.Sessions;
import tega.rpc.LocalCalls;
import tega.store.StoreOptions;
import tega.store.TegaStore;
import tega.transport.http.HttpOptions;
import tega.transport.http.HttpServer;
import tega.transport.http.Parts;

/** A real server in this process, to be spoken to directly or over HTTP. */
final class Stage implements AutoCloseable {
    /** Held, or else the level would be forgotten. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    static final Identity ME = new Identity("anonymous", "me");

    final JsonCodec json = first(JsonCodec.class);
    final TegaStore store;
    private final Scheduler scheduler = first(Scheduler.class);
    private final CommitLog log;
    private final LocalCalls calls;
    private HttpServer http;

    Stage(Path folder) {
        var codec = first(CommitCodec.class);
        log = first(LogProvider.class).log(folder, LogOptions.DEFAULT, codec, json, scheduler);
        store = TegaStore.open(log, codec, scheduler, new SecureRandom(), StoreOptions.DEFAULT);
        calls = new LocalCalls(store::get, scheduler, Authorizer.OPEN);
        calls.add(tega.api.Path.of("test", "echo"), call -> Value.object("args", Value.array(call.args()))
                .with("kwargs", call.kwargs()));
        calls.add(tega.api.Path.of("test", "fails"), call -> {
            throw new IllegalStateException("not today");
        });
    }

    private static <T> T first(Class<T> service) {
        return ServiceLoader.load(service).findFirst().orElseThrow();
    }

    /** The server as its own shell sees it. */
    Server local() {
        return new LocalServer(
                ME,
                store.sessions().open(ME, Sessions.TTL),
                new LocalServer.Neighbours(
                        () -> log, () -> calls, () -> List.of(calls), () -> Map.of("Plugin", "local")));
    }

    /** The server as {@code ./tega cli} sees it. */
    Server remote() {
        if (http == null) {
            var parts = new Parts();
            parts.json.fill(json);
            parts.sessions.fill(store.sessions());
            parts.log.fill(log);
            parts.calls.fill(calls);
            parts.scheduler.fill(scheduler);
            parts.plugins(() -> Map.of("Plugin", "local"));
            parts.add(calls);
            http = new HttpServer(HttpOptions.DEFAULT.at("127.0.0.1", 0), parts);
            http.start();
        }
        return first(Connector.class).connect(http.uri(), ME.tegaId(), null);
    }

    /** From now on nobody answers over HTTP. */
    void stopServing() {
        http.close();
    }

    Server server(boolean remote) {
        return remote ? remote() : local();
    }

    @Override
    public void close() throws Exception {
        if (http != null) {
            http.close();
        }
        store.close();
        log.close();
        if (scheduler instanceof AutoCloseable threads) {
            threads.close();
        }
    }
}
