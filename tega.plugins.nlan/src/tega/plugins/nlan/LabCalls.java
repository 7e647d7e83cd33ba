package tega.plugins.nlan;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.JsonCodec;
import tega.plugins.net.Op;
import tega.plugins.net.Outcome;
import tega.plugins.net.Tools;

/** What can be called: by programs as {@code nlan.…}, {@code plugins.…}, {@code workflows.…}, by people as {@code nlan …}. */
final class LabCalls {
    private static final String FIRST = "10.10.10.1/24";
    private static final Pattern ROUTER = Pattern.compile("(?m)^([A-Za-z0-9_.-]+):");

    /** What {@code raw} may run: programs that look, and the router's own shell. */
    private static final Set<String> RAW =
            Set.of("ip", "bridge", "ping", "ss", "nft", "tc", "traceroute", "vtysh", "cat");

    private final Tega tega;
    private final Labs labs;
    private final Observer observer;
    private final Tools tools;
    private final JsonCodec json;
    private final java.nio.file.Path files;
    private final java.nio.file.Path sockets;

    /**
     * @param files where the templates are that programs may name
     * @param sockets where the daemons of all labs have their folders
     */
    LabCalls(
            Tega tega,
            Labs labs,
            Observer observer,
            Tools tools,
            JsonCodec json,
            java.nio.file.Path files,
            java.nio.file.Path sockets) {
        this.tega = tega;
        this.labs = labs;
        this.observer = observer;
        this.tools = tools;
        this.json = json;
        this.files = files;
        this.sockets = sockets;
    }

    Value call(RpcCall call) throws IOException {
        var args = new Arguments(call.args());
        var group = call.path().root();
        var name = call.path().last();
        if (group.equals("raw")) {
            return raw(name, args);
        }
        return switch (name) {
            case "ipam" -> addresses(ipam(args.text(0, FIRST), args.rest(1)));
            case "template" -> template(args.text(0, ""), args.flag(1));
            case "ptnbgp", "ptnospf" -> {
                var planned = wan(name.equals("ptnbgp"));
                yield group.equals("workflows") ? up(planned) : planned;
            }
            case "fabric" -> fabric((int) args.number(0, 6), (int) args.number(1, 2));
            case "deploy" -> deploy(args.text(0, ""));
            case "undeploy" -> undeploy(args.text(0, ""));
            case "hook" -> hook();
            case "subnets" -> {
                labs.observe();
                yield tega.get(Path.of("graph", "subnets")).orElse(Value.object());
            }
            case "server_client" -> serverClient(String.valueOf(args.number(0, 80)));
            case "lint" -> texts(Labs.lint(tega.snapshot()));
            case "plan" -> plan(args);
            case "apply" ->
                outcome(labs.keeper(labs.lab(args.text(0, "")).name()).apply());
            case "rollback" -> rollback(args.number(0, -1));
            case "drift" -> told(labs.keeper(labs.lab(args.text(0, "")).name()).drift());
            case "probe" -> probe(args.text(0, ""), args.text(1, ""));
            case "graph" -> graph(args.text(0, "json"));
            default -> throw new TegaException.NotFound(call.path(), "there is no '" + call.path() + "'");
        };
    }

    private static Value texts(List<?> all) {
        return Value.array(all.stream().map(one -> Value.of(one.toString())).toList());
    }

    static Value told(List<Op> ops) {
        return Value.array(ops.stream().map(op -> Value.of(LabStatus.told(op))).toList());
    }

    private static Value outcome(Outcome outcome) {
        return Value.object(
                        "state",
                        Value.of(outcome.state().toString()),
                        "steps",
                        Value.of(outcome.ops().size()))
                .with("command", Value.of(outcome.command()))
                .with("message", Value.of(outcome.message()));
    }

    private static Value addresses(Map<String, Ip> given) {
        var value = ObjectValue.builder();
        given.forEach((router, ip) -> value.put(router, Value.of(ip.toString())));
        return value.build();
    }

    /** Gives addresses and keeps them in {@code ip}. */
    private Map<String, Ip> ipam(String first, List<String> routers) {
        Ipam.distinct(routers);
        try (var transaction = tega.begin()) {
            var start = Ip.parse(first.contains("/") ? first : first + "/24");
            var kept = Lab.addresses(transaction.base().tree());
            var given = Ipam.assign(start, routers, kept);
            var changes = 0;
            for (var one : given.entrySet()) {
                if (!one.getValue().equals(kept.get(one.getKey()))) {
                    transaction.put(
                            Path.of("ip", one.getKey()), Value.of(one.getValue().toString()));
                    changes++;
                }
            }
            if (changes > 0) {
                transaction.commit();
            }
            return given;
        } catch (IllegalArgumentException e) {
            throw new TegaException.Invalid("'" + first + "' is no address such as " + FIRST);
        }
    }

    private Map<String, String> plain(List<String> routers) {
        var plain = new TreeMap<String, String>();
        ipam(FIRST, routers).forEach((router, ip) -> plain.put(router, ip.address()));
        return plain;
    }

    private ObjectValue wan(boolean bgp) {
        return Topologies.wan(plain(Topologies.WAN), bgp);
    }

    private ObjectValue fabric(int leaves, int spines) {
        if (leaves < 1 || spines < 1 || leaves > 60 || spines > 60) {
            throw new TegaException.Invalid("a fabric has 1 to 60 leaves and 1 to 60 spines");
        }
        return put(Topologies.fabric(plain(Topologies.fabric(leaves, spines)), leaves, spines), "");
    }

    /** Fills a template, which is text or the name of a file, and commits what it says in one commit. */
    private Value template(String text, boolean dry) throws IOException {
        if (text.contains("\n")) {
            var filled = filled(text);
            return dry ? filled : put(filled, "");
        }
        var file = files.resolve(text).normalize();
        if (!file.startsWith(files) || !Files.isRegularFile(file)) {
            throw new TegaException.NotFound("there is no template '" + text + "' in " + files);
        }
        var filled = filled(Files.readString(file));
        return dry ? filled : put(filled, "");
    }

    private ObjectValue filled(String text) {
        var routers = new LinkedHashSet<String>();
        var match = ROUTER.matcher(text);
        while (match.find()) {
            routers.add(match.group(1));
        }
        var known = new TreeMap<String, String>();
        Lab.addresses(tega.snapshot().tree()).forEach((router, ip) -> known.put(router, ip.address()));
        known.putAll(plain(List.copyOf(routers)));
        return json.readYaml(new Template(known).fill(text)) instanceof ObjectValue object ? object : Value.object();
    }

    private ObjectValue put(ObjectValue routers, String lab) {
        try (var transaction = tega.begin()) {
            routers.forEach(router -> transaction.put(Path.of(RouterModel.ROOT + router.name()), router.value()));
            if (!lab.isEmpty()) {
                transaction.put(Lab.LABS.child(lab).child("enabled"), Value.of(true));
            }
            transaction.commit();
        }
        return routers;
    }

    private Value up(ObjectValue routers) throws IOException {
        put(routers, "lab");
        return outcome(labs.keeper("lab").apply());
    }

    /** {@code nlan up WHAT}: a network known by heart, or a file of the machine. */
    Value up(List<String> words) throws IOException {
        var what = words.isEmpty() ? "ptnbgp" : words.get(0);
        if (what.equals("ptnbgp") || what.equals("ptnospf")) {
            return up(wan(what.equals("ptnbgp")));
        }
        if (what.equals("fabric")) {
            var args = new Arguments(words.stream().<Value>map(Value::of).toList());
            return up(fabric((int) args.number(1, 6), (int) args.number(2, 2)));
        }
        var file = java.nio.file.Path.of(what);
        if (!Files.isRegularFile(file)) {
            throw new TegaException.NotFound(
                    "there is no file '" + file.toAbsolutePath() + "', and no network of that name");
        }
        return up(filled(Files.readString(file)));
    }

    private Value deploy(String name) throws IOException {
        var lab = name.isEmpty() ? "lab" : name;
        tega.put(Lab.LABS.child(lab).child("enabled"), Value.of(true));
        return outcome(labs.keeper(lab).apply());
    }

    private Value undeploy(String name) throws IOException {
        var lab = labs.lab(name).name();
        tega.put(Lab.LABS.child(lab).child("enabled"), Value.of(false));
        return outcome(labs.keeper(lab).apply());
    }

    private Value hook() throws IOException {
        labs.observe();
        for (var router : labs.posts().entrySet()) {
            tega.put(
                    Path.of("stats-" + router.getKey(), "netstat"),
                    observer.sockets(List.of(router.getValue().space())));
        }
        return texts(List.copyOf(labs.posts().keySet()));
    }

    /** Who is served by whom at {@code port}: client and server, each an address. */
    private Value serverClient(String port) throws IOException {
        hook();
        var pairs = new ArrayList<Value>();
        for (var router : labs.posts().keySet()) {
            if (tega.get(Path.of("stats-" + router, "netstat", "tcp")).orElse(Value.NULL) instanceof ArrayValue rows) {
                for (var row : rows) {
                    if (row instanceof ObjectValue one
                            && one.get("ForeignPort") instanceof StringValue served
                            && served.text().equals(port)) {
                        pairs.add(Value.array(
                                Objects.requireNonNullElse(one.get("Ip"), Value.NULL),
                                Objects.requireNonNullElse(one.get("ForeignIp"), Value.NULL)));
                    }
                }
            }
        }
        tega.put(Path.of("graph", "server_client", port), Value.array(pairs));
        return Value.array(pairs);
    }

    private Value plan(Arguments args) throws IOException {
        var lab = labs.lab("");
        var keeper = labs.keeper(lab.name());
        var revision = args.number(1, 0);
        var ops = revision == 0 ? keeper.plan() : keeper.plan(tega.history().at(revision));
        var router = args.text(0, "");
        return told(router.isEmpty() ? ops : LabStatus.of(ops, lab.space(router)));
    }

    /** Back to what the labs were at a version of the root {@code nlan}; negative: so many back. */
    private Value rollback(long version) {
        return Value.object(
                "revision", Value.of(tega.history().rollback("nlan", version).revision()));
    }

    /** Where something is: the namespace of a router or of {@code router.address} of a host. */
    private String space(String node) {
        var dot = node.indexOf('.');
        var router = dot < 0 ? node : node.substring(0, dot);
        var post = labs.posts().get(router);
        if (post == null || !node.matches("[A-Za-z0-9_.-]+")) {
            throw new TegaException.NotFound("there is no router '" + router + "' on this machine");
        }
        return dot < 0 ? post.space() : labs.lab(post.lab()).realm().space(node);
    }

    private String address(String node) {
        if (Ip.isAddress(node)) {
            return node;
        }
        var dot = node.indexOf('.');
        if (dot > 0 && Ip.isAddress(node.substring(dot + 1))) {
            return node.substring(dot + 1);
        }
        var loopback = tega.get(Path.of(RouterModel.ROOT + node, "Router", "Loopback"));
        if (loopback.orElse(Value.NULL) instanceof StringValue text) {
            return text.text().replaceAll("/.*", "");
        }
        throw new TegaException.NotFound("'" + node + "' is no address, no host and no router with a loopback");
    }

    /** Pings from a node to another. */
    Value probe(String from, String to) throws IOException {
        var words = in(space(from), List.of("ping", "-c", "3", "-i", "0.2", "-W", "1", address(to)));
        return said(tools.run(words, "", Duration.ofSeconds(20)));
    }

    private static List<String> in(String space, List<String> command) {
        var words = new ArrayList<String>();
        if (!space.isEmpty()) {
            words.addAll(List.of("ip", "netns", "exec", space));
        }
        words.addAll(command);
        return words;
    }

    private static Value said(Tools.Said said) {
        return Value.object("rc", Value.of(said.rc()), "out", Value.of(said.out()))
                .with("err", Value.of(said.err()));
    }

    /** Runs one of a few programs in a router: one string of words, or a word each. */
    private Value raw(String router, Arguments args) throws IOException {
        var words = args.rest(0).size() == 1 ? List.of(args.text(0, "").strip().split("\\s+")) : args.rest(0);
        if (words.isEmpty() || !RAW.contains(words.get(0))) {
            throw new TegaException.Forbidden(
                    Path.of("raw", router),
                    "raw runs " + String.join(", ", RAW.stream().sorted().toList()) + " and nothing else");
        }
        if (words.contains("exec") || words.contains("-batch") || words.contains("-b")) {
            throw new TegaException.Forbidden(Path.of("raw", router), "raw runs no program by another");
        }
        var command = new ArrayList<>(words);
        if (words.get(0).equals("vtysh")) {
            var space = space(router);
            var post = labs.posts().get(router);
            var folder = sockets.resolve(post == null ? "" : post.lab()).resolve(space.isEmpty() ? "host" : space);
            command.addAll(1, List.of("--vty_socket", folder.toString()));
        }
        return said(tools.run(in(space(router), command), "", Duration.ofSeconds(20)));
    }

    Value graph(String format) {
        var tree = tega.snapshot().tree();
        var graph = Graph.of(labs.lab("").models(tree), tree);
        return switch (format) {
            case "json" -> graph.value();
            case "dot" -> Value.of(graph.dot());
            case "svg" -> Value.of(Svg.of(graph));
            default -> throw new TegaException.Invalid("a graph is json, dot or svg, not '" + format + "'");
        };
    }

    /** A row for each router. */
    Value status() {
        var rows = new ArrayList<Value>();
        var tree = tega.snapshot().tree();
        for (var lab : labs.all()) {
            for (var model : lab.models(tree)) {
                var status = tree.get(Path.of("status-" + model.name())) instanceof ObjectValue object
                        ? object
                        : Value.object();
                var error = status.get("error") instanceof ObjectValue object ? object : Value.object();
                var row = Value.object("lab", Value.of(lab.name()), "router", Value.of(model.name()));
                for (var column : Arrays.asList("phase", "generation", "steps")) {
                    row = row.with(column, Objects.requireNonNullElse(status.get(column), Value.of("")));
                }
                row = row.with("bgp", count(tree.get(Path.of("operational-" + model.name(), "bgp")), "Established"))
                        .with("bfd", count(tree.get(Path.of("operational-" + model.name(), "bfd")), "up"))
                        .with("error", Objects.requireNonNullElse(error.get("message"), Value.of("")));
                rows.add(row);
            }
        }
        return Value.array(rows);
    }

    private static Value count(@Nullable Value peers, String good) {
        if (!(peers instanceof ObjectValue all)) {
            return Value.of("");
        }
        var up = 0;
        for (var peer : all) {
            up += Value.of(good).equals(peer.value()) ? 1 : 0;
        }
        return Value.of(up + "/" + all.size());
    }

    /** Arguments by position. */
    private record Arguments(List<Value> all) {
        String text(int index, String otherwise) {
            return index < all.size() && all.get(index) instanceof StringValue text ? text.text() : otherwise;
        }

        boolean flag(int index) {
            return index < all.size() && Value.of(true).equals(all.get(index));
        }

        long number(int index, long otherwise) {
            if (index >= all.size()) {
                return otherwise;
            }
            try {
                return all.get(index) instanceof NumberValue number
                        ? number.longValue()
                        : Long.parseLong(text(index, ""));
            } catch (NumberFormatException e) {
                throw new TegaException.Invalid("argument " + (index + 1) + " must be a number");
            }
        }

        List<String> rest(int from) {
            var rest = new ArrayList<String>();
            for (var i = from; i < all.size(); i++) {
                if (all.get(i) instanceof ArrayValue array) {
                    array.forEach(item -> rest.add(item instanceof StringValue text ? text.text() : item.toString()));
                } else {
                    rest.add(text(i, ""));
                }
            }
            return rest;
        }
    }
}
