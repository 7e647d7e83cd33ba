package tega.transport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import tega.access.AccessControl;
import tega.access.AccessOptions;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.Value;
import tega.api.spi.Access;
import tega.api.spi.CommitLog;
import tega.api.spi.LogOptions;
import tega.api.spi.Scheduler;
import tega.json.Commits;
import tega.json.Json;
import tega.log.FolderLogProvider;
import tega.messaging.LocalChannels;
import tega.rpc.LocalCalls;
import tega.store.StoreOptions;
import tega.store.TegaStore;
import tega.system.SystemScheduler;

/** A whole server in this process, on a folder of its own; its time of day stands still. */
final class TestServer implements AutoCloseable {
    private static final Identity ROOT = Identity.console("root", "shell");

    final Parts parts = new Parts();
    final SystemScheduler threads = new SystemScheduler();
    final TegaStore store;
    final AccessControl access;
    final LocalCalls calls;
    final LocalChannels channels;
    final HttpServer server;
    private final java.nio.file.Path folder;
    private final CommitLog log;

    TestServer() {
        this(HttpOptions.DEFAULT);
    }

    TestServer(HttpOptions options) {
        try {
            folder = Files.createTempDirectory("tega-http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var clock = new StoppedClock(threads);
        var codec = new Commits();
        log = new FolderLogProvider().log(folder, LogOptions.DEFAULT, codec, new Json(), clock);
        store = TegaStore.open(
                log, codec, clock, RandomGenerator.of("L64X128MixRandom"), StoreOptions.DEFAULT.id("srv"));
        access = AccessControl.open(
                folder.resolve("access"), AccessOptions.DEFAULT, InstantSource.system(), new SecureRandom());
        store.authorize(access.authorizer());
        calls = new LocalCalls(this::read, threads, access.authorizer());
        channels = new LocalChannels(access.authorizer());
        parts.authenticator.fill(access.authenticator());
        parts.authorizer.fill(access.authorizer());
        parts.json.fill(new Json());
        parts.sessions.fill(store.sessions());
        parts.scheduler.fill(threads);
        parts.log.fill(log);
        parts.calls.fill(calls);
        parts.channels.fill(channels);
        server = new HttpServer(options.at("127.0.0.1", 0), parts);
        parts.add(server.inspectable());
        store.inspectables().forEach(parts::add);
        server.start();
    }

    private Optional<Value> read(Path path) {
        return tega().get(path);
    }

    /** On behalf of somebody who may do everything. */
    Tega tega() {
        return store.sessions().tega(ROOT);
    }

    /** The grants and tokens, tended by the same. */
    Access.Administration admin() {
        return access.as(ROOT);
    }

    URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
        store.close();
        log.close();
        access.close();
        threads.close();
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It is always 1970; what takes time takes its time. */
    private record StoppedClock(Scheduler threads) implements Scheduler {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return threads.nanos();
        }

        @Override
        public Task after(Duration delay, Runnable task) {
            return threads.after(delay, task);
        }

        @Override
        public Executor background() {
            return threads.background();
        }
    }
}
