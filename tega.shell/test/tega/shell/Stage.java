package tega.shell;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Connector;
import tega.api.spi.Credentials;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.LogProvider;
import tega.api.spi.Scheduler;
import tega.api.spi.Server;
import tega.api.spi.Sessions;
import tega.api.spi.ShellCommand;
import tega.messaging.LocalChannels;
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
    private final Authorizer authorizer;
    private final LocalChannels channels;
    final List<ShellCommand> commands = new CopyOnWriteArrayList<>(List.of(new Count(), new Drain()));
    private final Contributions contributions;
    private HttpServer http;

    Stage(Path folder) {
        this(folder, Authorizer.OPEN);
    }

    /** One in which everybody is who their token says, and may do what {@code authorizer} says. */
    Stage(Path folder, Authorizer authorizer) {
        this.authorizer = authorizer;
        channels = new LocalChannels(authorizer);
        contributions = new Contributions(() -> commands, authorizer);
        var codec = first(CommitCodec.class);
        log = first(LogProvider.class).log(folder, LogOptions.DEFAULT, codec, json, scheduler);
        store = TegaStore.open(log, codec, scheduler, new SecureRandom(), StoreOptions.DEFAULT);
        store.authorize(authorizer);
        var root = Identity.console("root", "shell");
        calls = new LocalCalls(path -> store.sessions().tega(root).get(path), scheduler, authorizer);
        calls.add(tega.api.Path.of("test", "echo"), call -> Value.object("args", Value.array(call.args()))
                .with("kwargs", call.kwargs()));
        calls.add(tega.api.Path.of("test", "fails"), call -> {
            throw new IllegalStateException("not today");
        });
    }

    /** Somebody answers calls of {@code path}. */
    void answer(String path) {
        calls.add(tega.api.Path.parse(path), call -> Value.NULL);
    }

    private static <T> T first(Class<T> service) {
        return ServiceLoader.load(service).findFirst().orElseThrow();
    }

    /** The server as its own shell sees it. */
    Server local() {
        return local(ME);
    }

    Server local(Identity identity) {
        serve();
        return new LocalServer(
                identity,
                () -> store.sessions().open(identity, Sessions.TTL),
                new LocalServer.Neighbours(
                        () -> log,
                        () -> calls,
                        () -> channels,
                        Authorizer.OPEN,
                        contributions,
                        () -> List.of(calls),
                        () -> Map.of("Plugin", "local")));
    }

    /** The server as {@code ./tega cli} sees it. */
    Server remote() {
        return remote(ME);
    }

    Server remote(Identity identity) {
        serve();
        return first(Connector.class).connect(http.uri(), identity.tegaId(), identity.author());
    }

    private void serve() {
        if (http == null) {
            var parts = new Parts();
            parts.json.fill(json);
            parts.sessions.fill(store.sessions());
            parts.authenticator.fill((credentials, tegaId) -> {
                var author = credentials instanceof Credentials.Bearer bearer ? bearer.token() : ME.author();
                return new Identity(author, tegaId == null ? author : tegaId);
            });
            parts.authorizer.fill(authorizer);
            parts.log.fill(log);
            parts.calls.fill(calls);
            parts.channels.fill(channels);
            parts.scheduler.fill(scheduler);
            parts.plugins(() -> Map.of("Plugin", "local"));
            parts.add(calls);
            http = new HttpServer(HttpOptions.DEFAULT.at("127.0.0.1", 0), parts);
            http.add(new CommandRoutes(contributions));
            http.start();
            commands.addAll(http.commands());
        }
    }

    /** From now on nobody answers over HTTP. */
    void stopServing() {
        http.close();
    }

    Server server(boolean remote) {
        return server(remote, ME);
    }

    Server server(boolean remote, Identity identity) {
        return remote ? remote(identity) : local(identity);
    }

    /** A command of another bundle. */
    private static final class Count implements ShellCommand {
        private static final Syntax SYNTAX = Syntax.of("tally", "[PATH] [--twice]", "count the members of a node")
                .takes(Word.PATH)
                .needs(Action.READ);

        @Override
        public Syntax syntax() {
            return SYNTAX;
        }

        @Override
        public Value run(Call call) {
            var path = call.plain().isEmpty()
                    ? tega.api.Path.EMPTY
                    : tega.api.Path.parse(call.plain().get(0));
            var value = call.tega()
                    .get(path)
                    .orElseThrow(() -> new TegaException.NotFound(path, "there is no '" + path + "'"));
            var size = value instanceof ObjectValue object ? object.size() : 0;
            var row = Value.object(
                            "path",
                            Value.of(path.toString()),
                            "by",
                            Value.of(call.by().tegaId()))
                    .with("members", Value.of(size));
            return call.has("--twice") ? Value.array(List.of(row, row)) : row;
        }
    }

    /** A command of another bundle that not everybody may give. */
    private static final class Drain implements ShellCommand {
        @Override
        public Syntax syntax() {
            return Syntax.of("drain", "", "let the water out");
        }

        @Override
        public Value run(Call call) {
            return Value.of("dry");
        }
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
