package tega.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Member;
import tega.api.Messages;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Rpc;
import tega.api.Scope;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Action;
import tega.api.spi.Edge;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;
import tega.api.spi.Server;
import tega.api.spi.ShellCommand;
import tega.api.spi.Subscriber;

/** A server at the other end of REST. */
final class RemoteServer implements Server {
    private static final Duration LONGEST_COMMAND = Duration.ofSeconds(90);

    private final Rest rest;
    private final RemoteTega tega;

    RemoteServer(Rest rest, String tegaId) {
        this.rest = rest;
        this.tega = new RemoteTega(rest, tegaId);
    }

    @Override
    public Tega tega() {
        return tega;
    }

    @Override
    public Rpc rpc() {
        return (path, args, kwargs, deadline) -> {
            var session = rest.session();
            var open = session.present();
            return open == null ? call(path, args, kwargs, deadline) : session.call(open, path, args, kwargs, deadline);
        };
    }

    private CompletionStage<Value> call(Path path, List<Value> args, ObjectValue kwargs, Duration deadline) {
        return rest.ask("POST", "/_rpc")
                .with("path", path)
                .with("deadline", Math.max(1, deadline.toMillis()))
                .body(Value.object("args", Value.array(args)).with("kwargs", kwargs))
                .later()
                .thenApply(told -> Answers.present(Answers.object(told.value()).get("result")));
    }

    @Override
    public Messages messages() {
        return (channel, message) -> rest.session().publish(channel, message);
    }

    @Override
    public Registration subscribe(PathPattern channels, Scope scope, Subscriber subscriber) {
        return rest.session().subscribe(channels, scope, subscriber);
    }

    @Override
    public Registration serve(Path path, RpcHandler handler) {
        return rest.session().serve(path, handler);
    }

    /** A server of an earlier release has none. */
    @Override
    public List<ShellCommand.Syntax> commands() {
        var commands = new ArrayList<ShellCommand.Syntax>();
        try {
            rest.ask("GET", "/_commands").array().forEach(item -> commands.add(syntax(Answers.object(item))));
        } catch (TegaException.NotFound e) {
            return List.of();
        }
        return commands;
    }

    private static ShellCommand.Syntax syntax(ObjectValue told) {
        return new ShellCommand.Syntax(
                Answers.text(told.get("name")),
                Answers.text(told.get("usage")),
                Answers.text(told.get("help")),
                Answers.texts(told.get("words")).stream()
                        .map(RemoteServer::word)
                        .toList(),
                Action.READ); // the server asks for what is needed
    }

    private static ShellCommand.Word word(String name) {
        return switch (name) {
            case "path" -> ShellCommand.Word.PATH;
            case "root" -> ShellCommand.Word.ROOT;
            default -> ShellCommand.Word.TEXT;
        };
    }

    @Override
    public Value command(String name, List<String> words) {
        var body =
                Value.object("words", Value.array(words.stream().map(Value::of).toList()));
        var answer = rest.ask("POST", "/_commands")
                .with("name", name)
                .body(body)
                .within(LONGEST_COMMAND)
                .object()
                .get("answer");
        return Answers.present(answer);
    }

    @Override
    public String address() {
        return rest.address().toString();
    }

    @Override
    public Map<String, Long> roots() {
        return Answers.numbers(rest.ask("GET", "/_roots").object());
    }

    @Override
    public Map<String, List<Long>> olderVersions() {
        var older = new LinkedHashMap<String, List<Long>>();
        for (var item : rest.ask("GET", "/_old").array()) {
            for (var root : Answers.object(item)) {
                var versions = new ArrayList<Long>();
                Answers.array(root.value()).forEach(version -> versions.add(Answers.number(version)));
                older.put(root.name(), versions);
            }
        }
        return older;
    }

    @Override
    public Optional<Value> get(Path path, long version) {
        return Optional.of(
                rest.ask("GET", Rest.url(path)).with("version", version).value());
    }

    @Override
    public Optional<Value> at(Path path, long revision) {
        return RemoteTega.found(rest.ask("GET", Rest.url(path)).with("revision", revision));
    }

    @Override
    public List<Edge> edges(String root, boolean older) {
        var edges = new ArrayList<Edge>();
        var both = rest.ask("GET", "/_edges")
                .with("root_oid", root)
                .with("old_roots", older)
                .array();
        for (var i = 0; i < both.size(); i += 2) { // every other one is the same from child to parent
            var edge = Answers.array(both.get(i));
            edges.add(new Edge(Answers.text(edge.get(0)), Answers.text(edge.get(1))));
        }
        return edges.stream().distinct().toList();
    }

    @Override
    public Optional<Value> annotated(Path path, OptionalLong version) {
        var ask = rest.ask("GET", Rest.url(path)).with("internal", "True");
        version.ifPresent(number -> ask.with("version", number));
        return RemoteTega.found(ask);
    }

    @Override
    public ObjectValue matching(PathPattern pattern) {
        var expressions = new ArrayList<String>();
        for (var part : pattern.parts()) {
            if (!(part instanceof PathPattern.Part.Regex regex)) {
                throw new TegaException.Invalid("'" + pattern + "' is not made of regular expressions");
            }
            expressions.add(regex.expression().pattern());
        }
        return rest.ask("GET", Path.of(expressions).toUrl())
                .with("regex_flag", "True")
                .object();
    }

    @Override
    public List<String> names(Path path, String prefix, int limit) {
        var ask = rest.ask("GET", Rest.url(path)).with("depth", 1).with("limit", limit);
        if (!prefix.isEmpty()) {
            ask.with("after", justBefore(prefix));
        }
        return RemoteTega.found(ask)
                .filter(ObjectValue.class::isInstance)
                .map(ObjectValue.class::cast)
                .map(object -> names(object, prefix))
                .orElse(List.of());
    }

    private static List<String> names(ObjectValue object, String prefix) {
        var names = new ArrayList<String>();
        for (Member member : object) {
            if (member.name().startsWith(prefix)) {
                names.add(member.name());
            }
        }
        return names;
    }

    /** A name before {@code name} in code-point order, with hardly any other between the two. */
    private static String justBefore(String name) {
        var last = name.codePointBefore(name.length());
        var begin = name.substring(0, name.length() - Character.charCount(last));
        var before = last == 0xe000 ? 0xd7ff : last - 1;
        return last == 0 ? begin : begin + Character.toString(before) + Character.toString(Character.MAX_CODE_POINT);
    }

    @Override
    public long writePicture() {
        return rest.ask("POST", "/_ss").tell().revision();
    }

    @Override
    public ObjectValue plugins() {
        return rest.ask("GET", "/_plugins").object();
    }

    @Override
    public List<Inspectable> parts() {
        var health = rest.ask("GET", "/_health").with("figures", "True").object();
        var troubles = Answers.object(health.get("troubles"));
        var codes = health.get("codes") instanceof ObjectValue told ? told : Value.object();
        var figures = health.get("figures") instanceof ObjectValue told ? told : Value.object();
        var subjects = new java.util.TreeSet<String>();
        troubles.forEach(member -> subjects.add(member.name()));
        figures.forEach(member -> subjects.add(member.name()));
        return subjects.stream()
                .map(subject -> (Inspectable) new Part(
                        subject,
                        troubles.get(subject) instanceof StringValue trouble
                                ? Optional.of(trouble.text())
                                : Optional.empty(),
                        code(codes.get(subject)),
                        figures.get(subject) instanceof ObjectValue own ? own : Value.object()))
                .collect(Collectors.toList());
    }

    /** A part of the server as it was when asked. */
    private record Part(String subject, Optional<String> trouble, ErrorCode code, ObjectValue figures)
            implements Inspectable {}

    /** Servers of later versions may have codes that are not known here. */
    private static ErrorCode code(@Nullable Value name) {
        for (var code : ErrorCode.values()) {
            if (name instanceof StringValue text && text.text().equals(code.name())) {
                return code;
            }
        }
        return ErrorCode.UNAVAILABLE;
    }

    @Override
    public void close() {
        rest.leave();
    }
}
