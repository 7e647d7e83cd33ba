package tega.plugins.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The routing daemons (FRR) of namespaces: a folder each, with the sockets, the configuration as it was applied and the digest
 * of what the daemons then said they run. A configuration is tried dry before it is applied.
 */
public final class FrrDaemons {
    private static final String CONFIG = "frr.conf";
    private static final String RUNNING = "running";
    private static final String PID = ".pid";
    private static final String STOP = "frr stop";

    private final Path folder;
    private final Tools tools;

    /** @param folder of all of them, short and on a file system that is empty after a boot */
    public FrrDaemons(Path folder, Tools tools) {
        this.folder = folder;
        this.tools = tools;
    }

    private Path folder(String space) {
        return folder.resolve(space.isEmpty() ? "host" : space);
    }

    /** What a daemon of {@code space} answers to {@code command}; fails when it does not run. */
    public String ask(String space, String daemon, String command) throws IOException {
        try (var vty = new FrrVty(folder(space).resolve(daemon + ".vty"))) {
            return vty.ask(command);
        }
    }

    /** What runs in {@code space}; null when nothing was begun there. */
    @Nullable
    Frr look(String space) throws IOException {
        var home = folder(space);
        var config = home.resolve(CONFIG);
        var daemons = alive(home);
        if (!Files.exists(config)) {
            return daemons.isEmpty() ? null : Frr.of(daemons, "! without configuration\n");
        }
        var text = Files.readString(config);
        var running = home.resolve(RUNNING);
        var same = Files.exists(running) && Files.readString(running).equals(digest(home, daemons));
        return Frr.of(daemons, same ? text : text + "! the daemons run something else\n");
    }

    private static Set<String> alive(Path home) throws IOException {
        var daemons = new TreeSet<String>();
        if (Files.isDirectory(home)) {
            try (var files = Files.list(home)) {
                for (var file : files.toList()) {
                    var name = String.valueOf(file.getFileName());
                    if (name.endsWith(PID) && process(file) != null) {
                        daemons.add(name.substring(0, name.length() - PID.length()));
                    }
                }
            }
        }
        return daemons;
    }

    private static @Nullable ProcessHandle process(Path pid) throws IOException {
        var name = String.valueOf(pid.getFileName());
        var daemon = name.substring(0, name.length() - PID.length());
        try {
            var number = Files.readString(pid).strip();
            // The number may have gone to another process since.
            return ProcessHandle.of(Long.parseLong(number))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info().command().orElse("").endsWith("/" + daemon))
                    .orElse(null);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String digest(Path home, Set<String> daemons) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var daemon : daemons) {
                try (var vty = new FrrVty(home.resolve(daemon + ".vty"))) {
                    // One line with nothing but an exclamation mark stands for each interface, whether it is ours or
                    // not.
                    digest.update(vty.ask("write terminal")
                            .replaceAll("(?m)^ *!\\n", "")
                            .getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    digest.update((byte) 0); // Whoever does not answer does not run what it should.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts, changes or ends the daemons of the steps' namespaces, which do not wait for one another. */
    void run(List<Op> ops) throws IOException {
        var stops = ops.stream().filter(op -> op.text().equals(STOP)).toList();
        if (!stops.isEmpty()) {
            stop(stops);
        }
        var changes = ops.stream()
                .filter(op -> !op.text().equals(STOP))
                .map(op -> tools.background(() -> {
                    change(
                            op,
                            new TreeSet<>(List.of(op.text().split(" "))
                                    .subList(2, op.text().split(" ").length)));
                    return op;
                }))
                .toList();
        IOException failure = null;
        for (var change : changes) {
            try {
                change.join();
            } catch (CompletionException e) {
                failure = e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void change(Op op, Set<String> daemons) throws IOException {
        var home = folder(op.space());
        Files.createDirectories(home);
        shell(op, "chown frr:frr " + home);
        var draft = home.resolve(CONFIG + ".new");
        Files.writeString(draft, op.input());
        shell(op, "vtysh -C -f " + draft);
        var running = alive(home);
        var extra = new TreeSet<>(running);
        extra.removeAll(daemons);
        var left = new ArrayList<ProcessHandle>();
        for (var daemon : extra) {
            end(home, daemon, left);
        }
        gone(left);
        for (var daemon : extra) {
            Files.deleteIfExists(home.resolve(daemon + PID));
        }
        start(op, home, daemons, running);
        // What runs for the first time takes the text as it is; what ran before is told the difference.
        shell(
                op,
                running.isEmpty()
                        ? "vtysh --vty_socket " + home + " -f " + draft
                        : "/usr/lib/frr/frr-reload.py --reload --vty_socket " + home + " --rundir " + home
                                + " --confdir " + home + " " + draft);
        Files.move(draft, home.resolve(CONFIG), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(home.resolve(RUNNING), digest(home, alive(home)));
    }

    private void start(Op op, Path home, Set<String> daemons, Set<String> running) throws IOException {
        var script = new StringBuilder("set -e\n");
        var in = op.space().isEmpty() ? "" : "ip netns exec " + op.space() + " ";
        // All others talk to zebra.
        var ordered = new ArrayList<>(daemons);
        ordered.sort(Comparator.comparing((String daemon) -> !daemon.equals("zebra")));
        for (var daemon : ordered) {
            if (!running.contains(daemon)) {
                script.append(in).append("/usr/lib/frr/").append(daemon);
                script.append(" -d -P 0 -f ").append(home).append("/none -i ").append(home.resolve(daemon + PID));
                script.append(" -z ")
                        .append(home)
                        .append("/zserv.api --vty_socket ")
                        .append(home);
                script.append(daemon.equals("bfdd") ? " --bfdctl " + home + "/bfdd.sock" : "");
                script.append(" 2>&1\n");
            }
        }
        shell(op, script.toString());
    }

    private void stop(List<Op> ops) throws IOException {
        var left = new ArrayList<ProcessHandle>();
        for (var op : ops) {
            for (var daemon : alive(folder(op.space()))) {
                end(folder(op.space()), daemon, left);
            }
        }
        gone(left);
        for (var op : ops) {
            var home = folder(op.space());
            if (Files.isDirectory(home)) {
                try (var files = Files.list(home)) {
                    for (var file : files.toList()) {
                        Files.deleteIfExists(file);
                    }
                }
                Files.deleteIfExists(home);
            }
        }
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // There are more.
        }
    }

    private static void end(Path home, String daemon, List<ProcessHandle> left) throws IOException {
        var process = process(home.resolve(daemon + PID));
        if (process != null) {
            process.destroy();
            left.add(process);
        }
    }

    /** They are nobody's children: nothing tells when they are gone, and it takes milliseconds. */
    private static void gone(List<ProcessHandle> processes) {
        for (var tries = 0; tries < 500 && processes.stream().anyMatch(ProcessHandle::isAlive); tries++) {
            LockSupport.parkNanos(10_000_000);
        }
        processes.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private void shell(Op op, String script) throws IOException {
        var said = tools.run(List.of("sh", "-s"), script);
        if (!said.ok()) {
            var text = said.err().isBlank() ? said.out() : said.err();
            throw new KernelFailure(op.toString(), last(text));
        }
    }

    /** What a tool says last is why it ended. */
    private static String last(String text) {
        var lines = text.strip().lines().toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }
}
