package tega.plugins.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tega.api.spi.JsonCodec;

/** The network of the machine, by iproute2, nft and the routing daemons: one process for each batch, not for each command. */
public final class SystemKernel implements Kernel {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Pattern LINE = Pattern.compile("Command failed .*:(\\d+)\\s*");
    private static final String MARK = "@@tega ";

    private final Realm realm;
    private final Tools tools;
    private final FrrDaemons frr;
    private final KernelText text;

    /** @param frr what looks after the routing daemons */
    public SystemKernel(Realm realm, Tools tools, FrrDaemons frr, JsonCodec json) {
        this.realm = realm;
        this.tools = tools;
        this.frr = frr;
        this.text = new KernelText(realm, json);
    }

    /** The namespaces of this machine by name. */
    private static Set<String> namespaces() throws IOException {
        if (!Files.isDirectory(NAMESPACES)) {
            return Set.of();
        }
        try (var all = Files.list(NAMESPACES)) {
            return all.map(path -> String.valueOf(path.getFileName())).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Override
    public Network read(Network want, Set<String> claims) throws IOException {
        var there = namespaces();
        var names = there.stream()
                .filter(name -> realm.ownsSpace(name) || want.spaces().containsKey(name))
                .collect(Collectors.toCollection(TreeSet::new));
        // The namespace that the server runs in is looked at only by those who work in it.
        if (want.spaces().containsKey("")) {
            names.add("");
        }
        var said = said(names, want);
        var spaces = new TreeMap<String, Space>();
        for (var name : names) {
            var mine = claims.stream()
                    .filter(claim -> claim.startsWith(name + "/"))
                    .map(claim -> claim.substring(name.length() + 1))
                    .collect(Collectors.toSet());
            spaces.put(name, text.space(said.getOrDefault(name, Map.of()), mine).frr(frr.look(name)));
        }
        return new Network(spaces);
    }

    /** One shell asks everything; the processes it starts are cheap. */
    private Map<String, Map<String, String>> said(Set<String> names, Network want) throws IOException {
        var script = new StringBuilder("nft=$(command -v nft)\n");
        for (var name : names) {
            var in = name.isEmpty() ? "" : " -n " + name;
            ask(script, name, "addr", "ip" + in + " -d -j addr show");
            ask(script, name, "route", "ip" + in + " -j route show table all proto " + Route.PROTOCOL);
            ask(script, name, "fdb", "bridge" + in + " -j fdb show");
            ask(script, name, "nft", "[ -z \"$nft\" ] || " + exec(name) + "$nft -s list ruleset");
            var keys = want.space(name).sysctls().keySet();
            if (!keys.isEmpty()) {
                var files = keys.stream().map(SystemKernel::file).collect(Collectors.joining(" "));
                ask(script, name, "sysctl", exec(name) + "grep -H '' " + files);
            }
        }
        var answer = tools.run(List.of("sh", "-s"), script.toString());
        if (!answer.ok()) {
            throw new KernelFailure("look at the network", answer.err().strip());
        }
        var said = new HashMap<String, Map<String, String>>();
        for (var part : answer.out().split("(?m)^" + MARK)) {
            var end = part.indexOf('\n');
            if (end > 0) {
                var head = part.substring(0, end);
                var blank = head.indexOf(' ');
                said.computeIfAbsent(head.substring(blank + 1), name -> new HashMap<>())
                        .put(head.substring(0, blank), part.substring(end + 1));
            }
        }
        return said;
    }

    private static void ask(StringBuilder script, String name, String what, String command) {
        script.append("printf '\\n")
                .append(MARK)
                .append(what)
                .append(' ')
                .append(name)
                .append("\\n'\n");
        script.append(command).append(" || exit 1\n");
    }

    private static String exec(String name) {
        return name.isEmpty() ? "" : "ip netns exec " + name + " ";
    }

    private static String file(String key) {
        return "/proc/sys/" + key.replace('.', '/');
    }

    @Override
    public void run(List<Op> ops) throws IOException {
        for (var from = 0; from < ops.size(); ) {
            var first = ops.get(from);
            var to = from + 1;
            while (to < ops.size()
                    && ops.get(to).phase().tool() == first.phase().tool()
                    && (ops.get(to).space().equals(first.space())
                            || first.phase().tool() == Op.Tool.FRR)) {
                to++;
            }
            batch(ops.subList(from, to));
            from = to;
        }
    }

    private void batch(List<Op> ops) throws IOException {
        var first = ops.get(0);
        var space = first.space();
        switch (first.phase().tool()) {
            case IP -> iproute("ip", space, ops);
            case BRIDGE -> iproute("bridge", space, ops);
            case SYSCTL -> sysctl(space, ops);
            case NFT -> nft(space, ops);
            case FRR -> frr.run(ops);
        }
    }

    private void iproute(String tool, String space, List<Op> ops) throws IOException {
        var words = new ArrayList<>(List.of(tool));
        if (!space.isEmpty()) {
            words.addAll(List.of("-n", space));
        }
        words.addAll(List.of("-batch", "-"));
        var said = tools.run(words, ops.stream().map(Op::text).collect(Collectors.joining("\n", "", "\n")));
        if (!said.ok()) {
            var line = LINE.matcher(said.err());
            var at = line.find() ? Integer.parseInt(line.group(1)) - 1 : 0;
            throw failure(
                    ops.get(Math.min(at, ops.size() - 1)),
                    LINE.matcher(said.err()).replaceAll(""));
        }
    }

    private void sysctl(String space, List<Op> ops) throws IOException {
        var script = new StringBuilder();
        for (var op : ops) {
            var is = op.text().indexOf('=');
            script.append("echo '").append(op.text().substring(is + 1)).append("' > ");
            script.append(file(op.text().substring(0, is))).append(" || exit 1\n");
        }
        shell(space, List.of("sh", "-s"), script.toString(), ops.get(0));
    }

    private void nft(String space, List<Op> ops) throws IOException {
        var script = ops.stream().map(Op::input).collect(Collectors.joining());
        shell(space, List.of("nft", "-f", "-"), script, ops.get(0));
    }

    private void shell(String space, List<String> command, String input, Op op) throws IOException {
        var words = new ArrayList<String>();
        if (!space.isEmpty()) {
            words.addAll(List.of("ip", "netns", "exec", space));
        }
        words.addAll(command);
        var said = tools.run(words, input);
        if (!said.ok()) {
            throw failure(op, said.err());
        }
    }

    private static KernelFailure failure(Op op, String message) {
        return new KernelFailure(op.toString(), message.strip().replaceAll("\\s*\\n\\s*", "; "));
    }
}
