package tega.shell;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.Member;
import tega.api.Messages;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Rpc;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;
import tega.api.spi.Calls;
import tega.api.spi.Channels;
import tega.api.spi.CommitLog;
import tega.api.spi.Edge;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;
import tega.api.spi.Server;
import tega.api.spi.Session;
import tega.api.spi.ShellCommand;
import tega.api.spi.Subscriber;

/** The server in whose process the shell runs. */
final class LocalServer implements Server {
    /**
     * What else of the server the shell speaks to; each may be missing now and there a moment later.
     *
     * @param log gives the commit log, or null
     * @param calls gives where calls are handed over, or null
     * @param channels gives where messages are published, or null
     * @param authorizer says who may do what is asked of the server itself
     * @param commands what other bundles add to the shell
     * @param parts gives what can tell how it is
     * @param plugins gives the plugins by name, each with where it runs
     */
    record Neighbours(
            Supplier<@Nullable CommitLog> log,
            Supplier<@Nullable Calls> calls,
            Supplier<@Nullable Channels> channels,
            Authorizer authorizer,
            Contributions commands,
            Supplier<List<Inspectable>> parts,
            Supplier<Map<String, String>> plugins) {}

    private final Identity identity;
    private final Supplier<Session> opening;
    private @Nullable Session session;
    private final Neighbours neighbours;
    private final LocalAnswers answers;

    /** {@code opening} opens the session, when it is first needed. */
    LocalServer(Identity identity, Supplier<Session> opening, Neighbours neighbours) {
        this.identity = identity;
        this.opening = opening;
        this.neighbours = neighbours;
        this.answers = new LocalAnswers(identity, this::tega, this::calls);
    }

    @Override
    public synchronized Tega tega() {
        if (session == null) {
            session = opening.get();
        }
        return session.tega();
    }

    @Override
    public Rpc rpc() {
        return calls().as(identity);
    }

    private Calls calls() {
        var calls = neighbours.calls().get();
        if (calls == null) {
            throw new TegaException.Unavailable("tega.rpc is not running, so nothing can be called");
        }
        return calls;
    }

    @Override
    public Registration serve(Path path, RpcHandler handler) {
        return answers.serve(path, handler);
    }

    private Channels channels() {
        var channels = neighbours.channels().get();
        if (channels == null) {
            throw new TegaException.Unavailable("tega.messaging is not running, so nothing can be published or heard");
        }
        return channels;
    }

    @Override
    public Messages messages() {
        return channels().as(identity);
    }

    @Override
    public Registration subscribe(PathPattern pattern, Scope scope, Subscriber subscriber) {
        return channels().subscribe(new Channels.Subscription(identity, pattern, scope), subscriber::message);
    }

    @Override
    public List<ShellCommand.Syntax> commands() {
        return neighbours.commands().syntaxes();
    }

    @Override
    public Value command(String name, List<String> words) {
        return neighbours.commands().run(name, words, identity, this::tega);
    }

    @Override
    public String address() {
        return "this process";
    }

    @Override
    public Map<String, Long> roots() {
        return tega().snapshot().roots();
    }

    @Override
    public Map<String, List<Long>> olderVersions() {
        var older = new TreeMap<String, List<Long>>();
        for (var root : roots().keySet()) {
            var versions = tega().history().versions(root);
            if (!versions.isEmpty()) {
                older.put(root, versions);
            }
        }
        return older;
    }

    @Override
    public Optional<Value> get(Path path, long version) {
        return path.isEmpty()
                ? Optional.empty()
                : tega().history().at(path.root(), version).get(path);
    }

    @Override
    public Optional<Value> at(Path path, long revision) {
        return tega().history().at(revision).get(path);
    }

    @Override
    public List<Edge> edges(String root, boolean older) {
        return Edge.of(tega(), tega().snapshot(), Path.of(root), older).stream()
                .distinct()
                .toList();
    }

    @Override
    public Optional<Value> annotated(Path path, OptionalLong version) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        var snapshot = version.isPresent() ? tega().history().at(path.root(), version.getAsLong()) : tega().snapshot();
        return snapshot.get(path).map(value -> new Annotations(tega(), snapshot, version.isEmpty()).of(path, value));
    }

    @Override
    public ObjectValue matching(PathPattern pattern) {
        var found = ObjectValue.builder();
        for (var match : pattern.find(tega().snapshot().tree())) {
            var groups = match.groups().stream()
                    .map(names -> Value.array(names.stream().map(Value::of).toList()))
                    .toList();
            found.put(match.path().toString(), Value.object("groups", Value.array(groups), "instance", match.value()));
        }
        return found.build();
    }

    @Override
    public List<String> names(Path path, String prefix, int limit) {
        var names = new ArrayList<String>();
        if (tega().snapshot().tree().get(path) instanceof ObjectValue object) {
            if (object.has(prefix)) {
                names.add(prefix);
            }
            for (Iterator<Member> members = object.after(prefix); members.hasNext() && names.size() < limit; ) {
                var name = members.next().name();
                if (!name.startsWith(prefix)) {
                    break;
                }
                names.add(name);
            }
        }
        return names;
    }

    @Override
    public long writePicture() {
        var log = neighbours.log().get();
        if (log == null) {
            throw new TegaException.Unavailable("tega.log is not running, so no snapshot can be written");
        }
        neighbours.authorizer().require(identity, Action.ADMIN, Path.EMPTY);
        return log.snapshot();
    }

    @Override
    public ObjectValue plugins() {
        var plugins = ObjectValue.builder();
        neighbours.plugins().get().forEach((name, where) -> plugins.put(name, Value.of(where)));
        return plugins.build();
    }

    @Override
    public List<Inspectable> parts() {
        return neighbours.parts().get();
    }

    @Override
    public synchronized void close() {
        answers.close();
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
