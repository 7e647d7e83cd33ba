package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The guard as it is installed on routers, run by the shells that there are here, in a root folder of its own. */
class GuardTest {
    private static final Path GUARD = Path.of("router/tega-guard").toAbsolutePath();

    @TempDir
    Path root;

    /** The one of Debian, and that of OpenWrt where it is installed. */
    static List<List<String>> shells() {
        return Files.isExecutable(Path.of("/bin/busybox"))
                ? List.of(List.of("sh"), List.of("/bin/busybox", "sh"))
                : List.of(List.of("sh"));
    }

    @BeforeEach
    void install() throws IOException {
        for (var folder : List.of("etc/config", "etc/tega/pending", "var/run", "proc", "bin")) {
            Files.createDirectories(root.resolve(folder));
        }
        program("ubus", "echo \"$*\" >> '" + root + "/events'");
        program("logger", ":");
        program("sleep", "exec /bin/sleep 0.05");
        put("proc/uptime", "100.42 200.00\n");
        put("etc/config/network", "the new\n");
    }

    private void program(String name, String script) throws IOException {
        put("bin/" + name, "#!/bin/sh\n" + script + "\n");
        assertThat(root.resolve("bin/" + name).toFile().setExecutable(true)).isTrue();
    }

    private void put(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private String get(String file) throws IOException {
        return Files.exists(root.resolve(file)) ? Files.readString(root.resolve(file)) : "absent";
    }

    private Process start(List<String> shell, String verb) throws IOException {
        var command = new ArrayList<>(shell);
        command.addAll(List.of(GUARD.toString(), verb));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TEGA_GUARD_ROOT", root.toString());
        builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        return builder.redirectOutput(root.resolve("output").toFile()).start();
    }

    private void run(List<String> shell, String verb) throws Exception {
        var process = start(shell, verb);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(get("output")).isEmpty();
        assertThat(process.exitValue()).isZero();
    }

    private void journal() throws IOException {
        put("etc/tega/pending/cfg_network", "the old\n");
        put("etc/tega/pending/COMMIT", "network\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void atBootTheOldComesBack(List<String> shell) throws Exception {
        journal();
        run(shell, "restore");
        assertThat(get("etc/config/network")).isEqualTo("the old\n");
        assertThat(get("etc/tega/pending/COMMIT")).isEqualTo("absent");
        assertThat(get("etc/tega/pending/cfg_network")).isEqualTo("absent");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void copiesWithoutTheMarkDoNotCount(List<String> shell) throws Exception {
        put("etc/tega/pending/cfg_network", "half");
        run(shell, "restore");
        assertThat(get("etc/config/network")).isEqualTo("the new\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aTrialInItsTimeIsLeftAlone(List<String> shell) throws Exception {
        put("var/run/tega/trial", "101\nnetwork\n");
        put("var/run/uci/network", "tried\n");
        run(shell, "look");
        assertThat(get("var/run/uci/network")).isEqualTo("tried\n");
        assertThat(get("var/run/tega/alive")).isEqualTo("100\n");
        assertThat(get("events")).isEqualTo("absent");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aTrialInRamIsEndedWhenItsTimeIsOver(List<String> shell) throws Exception {
        put("var/run/tega/trial", "100\nnetwork\nfirewall\n");
        put("var/run/uci/network", "tried\n");
        put("var/run/uci/firewall", "tried\n");
        put("var/run/uci/other", "not ours\n");
        run(shell, "look");
        assertThat(get("var/run/uci/network")).isEqualTo("absent");
        assertThat(get("var/run/uci/firewall")).isEqualTo("absent");
        assertThat(get("var/run/uci/other")).isEqualTo("not ours\n");
        assertThat(get("var/run/tega/trial")).isEqualTo("absent");
        assertThat(get("events")).isEqualTo("""
                call service event {"type":"config.change","data":{"package":"network"}}
                call service event {"type":"config.change","data":{"package":"firewall"}}
                """);
        assertThat(get("etc/config/network")).isEqualTo("the new\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aTrialOnTheFlashIsEndedToo(List<String> shell) throws Exception {
        journal();
        put("var/run/tega/trial", "99\nnetwork\n");
        run(shell, "look");
        assertThat(get("etc/config/network")).isEqualTo("the old\n");
        assertThat(get("etc/tega/pending/COMMIT")).isEqualTo("absent");
        assertThat(get("events")).contains("\"network\"");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void itWatchesUntilItIsEnded(List<String> shell) throws Exception {
        var process = start(shell, "watch");
        try {
            await("var/run/tega/alive", "100\n");
            put("var/run/tega/trial", "130\nnetwork\n");
            put("proc/uptime", "129.99 1.00\n");
            await("var/run/tega/alive", "129\n");
            assertThat(get("var/run/tega/trial")).isEqualTo("130\nnetwork\n");
            put("proc/uptime", "130.01 1.00\n");
            await("var/run/tega/trial", "absent");
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private void await(String file, String text) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!get(file).equals(text)) {
            assertThat(System.nanoTime()).as(file + ": " + get("output")).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
