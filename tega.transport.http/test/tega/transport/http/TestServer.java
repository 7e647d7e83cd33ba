package tega.transport.http;

import java.net.URI;
import java.util.Optional;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.Value;
import tega.api.spi.Authorizer;
import tega.json.Json;
import tega.messaging.LocalChannels;
import tega.rpc.LocalCalls;
import tega.system.SystemScheduler;

/** A server with everything but a disk. */
final class TestServer implements AutoCloseable {
    final MemoryStore store = new MemoryStore();
    final Parts parts = new Parts();
    final SystemScheduler scheduler = new SystemScheduler();
    final LocalCalls calls = new LocalCalls(this::read, scheduler, Authorizer.OPEN);
    final LocalChannels channels = new LocalChannels(Authorizer.OPEN);
    final HttpServer server;

    TestServer() {
        this(HttpOptions.DEFAULT);
    }

    TestServer(HttpOptions options) {
        parts.json.fill(new Json());
        parts.sessions.fill(store);
        parts.scheduler.fill(scheduler);
        parts.calls.fill(calls);
        parts.channels.fill(channels);
        server = new HttpServer(options.at("127.0.0.1", 0), parts);
        parts.add(server.inspectable());
        server.start();
    }

    private Optional<Value> read(Path path) {
        return tega().get(path);
    }

    Tega tega() {
        return store.tega(Identity.ANONYMOUS);
    }

    URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
        scheduler.close();
    }
}
