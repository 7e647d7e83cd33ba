package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packed servers in network namespaces of their own: two local ones behind a router that hides their addresses, one of them with
 * an HTTP proxy as its only way out; packets that get lost, a link that is cut, a global server put back from a backup.
 */
@Timeout(400)
class NetworkTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");
    private static final String GLOBAL = "10.2.0.2";

    private final String tag = "tega" + ProcessHandle.current().pid();
    private final List<String> spaces = new ArrayList<>();

    @TempDir
    private Path folder;

    private static String run(List<String> command, boolean must) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            var process = builder.start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor() == 0 || !must)
                    .as(command + "\n" + said)
                    .isTrue();
            return said.strip();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String ip(String words) {
        return run(List.of(("ip " + words).split(" ", -1)), true);
    }

    private List<String> in(String space, String... words) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", tag + space));
        command.addAll(List.of(words));
        return command;
    }

    private void does(String space, String words) {
        run(in(space, words.split(" ", -1)), true);
    }

    private void link(String space, String address, String router) {
        ip("link add eth0 netns " + tag + space + " type veth peer name " + space + "0 netns " + tag + "r");
        does(space, "ip addr add " + address + "/24 dev eth0");
        does("r", "ip addr add " + router + "/24 dev " + space + "0");
        does(space, "ip link set eth0 up");
        does("r", "ip link set " + space + "0 up");
    }

    private void network() {
        for (var space : List.of("g", "r", "a", "b")) {
            ip("netns add " + tag + space);
            spaces.add(space);
            does(space, "ip link set lo up");
        }
        link("g", GLOBAL, "10.2.0.1");
        link("a", "10.1.1.2", "10.1.1.1");
        link("b", "10.1.2.2", "10.1.2.1");
        does("a", "ip route add default via 10.1.1.1");
        does("b", "ip route add default via 10.1.2.1");
        run(in("r", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"), true);
        nft("add table ip t");
        nft("add chain ip t nat { type nat hook postrouting priority 100 ; }");
        nft("add rule ip t nat oifname g0 masquerade");
        nft("add chain ip t fixed { type filter hook forward priority 0 ; }");
        nft("add rule ip t fixed iifname b0 drop");
        nft("add chain ip t weather { type filter hook forward priority 1 ; }");
        nft("add chain ip t out { type filter hook output priority 1 ; }");
    }

    private void nft(String words) {
        does("r", "nft " + words);
    }

    @AfterEach
    void clean() {
        spaces.forEach(space -> run(List.of("ip", "netns", "del", tag + space), false));
    }

    private Rig server(String space, String id, Path data, String... more) {
        var command = in(
                space,
                Installation.home().resolve("bin/tega").toString(),
                "server",
                "--daemon",
                "-t",
                id,
                "-d",
                data.toString(),
                "-p",
                "8739");
        command.addAll(List.of(more));
        var rig = Rig.run(command);
        rig.awaitReady();
        return rig;
    }

    private Rig global(Path data) {
        return server("g", "global", data, "-b", GLOBAL, "--insecure");
    }

    private String curl(String space, String path, String... options) {
        var host = space.equals("g") ? GLOBAL : "127.0.0.1";
        var command = in(space, "curl", "-s", "-m", "60", "-w", " %{http_code}", "http://" + host + ":8739" + path);
        command.addAll(List.of(options));
        return run(command, false);
    }

    private void put(String space, String path, String value) {
        await("200", () -> curl(space, path, "-X", "PUT", "-d", value));
    }

    private static void await(String value, Supplier<String> read) {
        var end = System.nanoTime() + Duration.ofSeconds(100).toNanos();
        for (var last = read.get(); !last.contains(value); last = read.get()) {
            assertThat(System.nanoTime())
                    .as("it is %s and should be %s", last, value)
                    .isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }

    private void awaitSame(String... spaces) {
        for (var space : spaces) {
            await(curl("g", "/cfg/"), () -> curl(space, "/cfg/"));
        }
    }

    @Test
    void natProxyLossCutsAndABackup() {
        if (!System.getProperty("user.name").equals("root")) {
            // Namespaces are root's; the simulation knows all of this on one thread.
            assertThat(System.getProperty("user.name")).isNotEqualTo("root");
            return;
        }
        network();
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var first = global(folder.resolve("g"));
        try (var proxy = new Killed(in("r", java, "-cp", classes(), ConnectProxy.class.getName(), "10.1.2.1", "3128"));
                var a = server("a", "a", folder.resolve("a"), "-H", GLOBAL, "-C", "cfg", "-O", "oper-a");
                var b = server(
                        "b",
                        "b",
                        folder.resolve("b"),
                        "--global",
                        "ws://" + GLOBAL + ":8739",
                        "--proxy",
                        "10.1.2.1:3128",
                        "-C",
                        "cfg",
                        "-O",
                        "oper-b")) {
            assertThat(List.of(proxy, a, b)).doesNotContainNull();
            put("g", "/cfg/a", "1");
            await("{\"a\":1}", () -> curl("a", "/cfg/"));
            await("{\"a\":1}", () -> curl("b", "/cfg/"));
            put("b", "/oper-b/x", "1");
            await("{\"x\":1}", () -> curl("g", "/oper-b/"));
            lossy();
            cut();
            first.kill();
            backup();
        } finally {
            first.close();
        }
    }

    private static String classes() {
        return ConnectProxy.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    /** One packet of twelve is lost. */
    private void lossy() {
        nft("add rule ip t weather numgen random mod 12 == 0 drop");
        nft("add rule ip t out tcp dport 8739 numgen random mod 12 == 0 drop");
        for (var i = 0; i < 10; i++) {
            put("a", "/cfg/a" + i, Integer.toString(i));
            put("g", "/cfg/g" + i, Integer.toString(i));
            put("b", "/oper-b/x" + i, Integer.toString(i));
        }
        awaitSame("a", "b");
        await(curl("b", "/oper-b/"), () -> curl("g", "/oper-b/"));
        nft("flush chain ip t weather");
        nft("flush chain ip t out");
    }

    private void cut() {
        if (NIGHTLY) {
            does("r", "ip link set g0 down");
        } else {
            nft("add rule ip t weather tcp dport 8739 reject with tcp reset");
            nft("add rule ip t out tcp dport 8739 reject with tcp reset");
        }
        put("a", "/oper-a/y", "1");
        put("b", "/oper-b/y", "1");
        await("\"connected\":false", () -> curl("a", "/_peers"));
        put("a", "/cfg/both", "\"a\"");
        put("a", "/cfg/only", "\"a\"");
        put("g", "/cfg/both", "\"g\"");
        if (NIGHTLY) {
            LockSupport.parkNanos(Duration.ofSeconds(60).toNanos()); // the outage itself
            does("r", "ip link set g0 up");
        } else {
            nft("flush chain ip t weather");
            nft("flush chain ip t out");
        }
        await("\"only\":\"a\"", () -> curl("g", "/cfg/"));
        awaitSame("a", "b");
        assertThat(curl("g", "/cfg/both")).isEqualTo("\"g\" 200");
        assertThat(curl("g", "/_conflicts")).contains("\"lost\":\"a\"");
        await("\"y\":1", () -> curl("g", "/oper-a/"));
        await("\"y\":1", () -> curl("g", "/oper-b/"));
    }

    /** What was written after the backup is gone everywhere, and what is written after that is everywhere. */
    private void backup() {
        var tega = Installation.home().resolve("bin/tega").toString();
        var file = folder.resolve("backup").toString();
        run(List.of(tega, "backup", "-d", folder.resolve("g").toString(), file), true);
        try (var second = global(folder.resolve("g"))) {
            assertThat(second).isNotNull();
            put("g", "/cfg/late", "1");
            await("\"late\":1", () -> curl("a", "/cfg/"));
            await("\"late\":1", () -> curl("b", "/cfg/"));
        }
        run(List.of(tega, "restore", "-d", folder.resolve("g2").toString(), file), true);
        try (var third = global(folder.resolve("g2"))) {
            assertThat(third).isNotNull();
            put("g", "/cfg/later", "2");
            await("\"later\":2", () -> curl("a", "/cfg/"));
            awaitSame("a", "b");
            assertThat(curl("a", "/cfg/")).doesNotContain("late\"");
            await(curl("b", "/oper-b/"), () -> curl("g", "/oper-b/"));
        }
    }

    /** A process that does not outlive the test. */
    private static final class Killed implements AutoCloseable {
        private final Process process;

        Killed(List<String> command) {
            try {
                process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
