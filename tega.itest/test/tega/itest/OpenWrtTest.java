package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A global server, a local server and a router, each in a network of its own; the router's interface has the address that its
 * configuration says. What is wanted is written at the global server, and what becomes of it is read there.
 */
class OpenWrtTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Namespaces networks = new Namespaces();
    private String above;
    private String here;
    private String there;
    private Rig global;
    private Rig local;
    private Process router;
    private BufferedReader said;

    @BeforeEach
    void connect() {
        above = networks.add("global");
        here = networks.add("local");
        there = networks.add("router");
        networks.cable(above, "south", here, "north");
        networks.address(above, "south", "10.231.1.1/24");
        networks.address(here, "north", "10.231.1.2/24");
        networks.cable(here, "lan", there, "lan");
        networks.address(here, "lan", "192.168.1.2/24");
        networks.address(here, "lan", "10.9.9.2/24");
    }

    @AfterEach
    void end() throws Exception {
        for (var server : new Rig[] {local, global}) {
            if (server != null) {
                server.close();
            }
        }
        if (router != null) {
            router.destroyForcibly().waitFor();
        }
        networks.close();
    }

    private void start(String kind) throws IOException {
        var plugins = Files.createDirectories(folder.resolve("plugins"));
        try (var available = Files.list(Installation.home().resolve("available"))) {
            for (var jar : available
                    .filter(file -> file.getFileName().toString().startsWith("tega.plugins.openwrt"))
                    .toList()) {
                Files.copy(jar, plugins.resolve(jar.getFileName()));
            }
        }
        Files.createDirectories(folder.resolve("local/secrets"));
        Files.writeString(folder.resolve("local/secrets/r1"), "secret\n");
        var classes =
                System.getProperty("tega.fake.router") + File.pathSeparator + System.getProperty("java.class.path");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        router = new ProcessBuilder(Namespaces.in(
                        there,
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        "tega.plugins.openwrt.HostedRouter",
                        "lan",
                        "192.168.1.1",
                        kind))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = new BufferedReader(new InputStreamReader(router.getInputStream(), StandardCharsets.UTF_8));
        global = server(above, "global", "-b", "10.231.1.1", "-p", "8739", "--insecure");
        local = server(
                here,
                "local",
                "-p",
                "8739",
                "-H",
                "10.231.1.1",
                "-P",
                "8739",
                "-C",
                "config-r1",
                "-O",
                "operational-r1",
                "-e",
                plugins.toString());
        global.awaitReady();
        local.awaitReady();
        assertThat(said.readLine()).isEqualTo("router");
        put("/config-r1/openwrt/", """
                {"enabled": true, "device": {"url": "http://192.168.1.1", "secret": "file:r1"},
                 "apply": {"confirm-timeout": 30, "probe": {"kind": "controller", "for": 3}}}""");
        await("it is reached", () -> get("/operational-r1/openwrt/reachable/").equals("true"));
        adopt();
    }

    private Rig server(String network, String id, String... options) {
        var command = new ArrayList<>(Namespaces.in(
                network, Installation.home().resolve("bin/tega").toString(), "server", "--daemon", "-t", id));
        command.addAll(List.of("-d", folder.resolve(id).toString()));
        command.addAll(List.of(options));
        return Rig.run(command);
    }

    private void adopt() {
        await("the plugin answers", () -> curl(
                        here, "127.0.0.1", "-X", "POST", "-d", "{\"args\":[\"r1\"]}", "/_rpc?path=openwrt.adopt")
                .contains("revision"));
        await("it is adopted above", () -> get("/config-r1/openwrt/uci/network/sections/lan/options/ipaddr/")
                .contains("192.168.1.1"));
    }

    private static String curl(String network, String host, String... words) {
        var command = new ArrayList<>(Namespaces.in(network, "curl", "-s", "-m", "10"));
        command.addAll(List.of(words).subList(0, words.length - 1));
        command.add("http://" + host + ":8739" + words[words.length - 1]);
        return Namespaces.run(command);
    }

    private String get(String path) {
        return curl(above, "10.231.1.1", path);
    }

    private void put(String path, String json) {
        assertThat(curl(above, "10.231.1.1", "-X", "PUT", "-d", json, path)).isEmpty();
    }

    /** What the router itself has: the address in use, the one on the flash, whether a trial is on. */
    private String shown() {
        try {
            router.getOutputStream().write("show\n".getBytes(StandardCharsets.UTF_8));
            router.getOutputStream().flush();
            return said.readLine();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not within " + LONG.toSeconds() + " s; " + atRouter("") + " "
                        + shown() + " " + local.errors() + global.errors());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void readdress(String address, String url) {
        // Both at once, as a person would: a new address alone that cuts the server off is refused.
        var body = "{\"message\":\"move it\",\"ops\":["
                + "{\"op\":\"put\",\"path\":[\"config-r1\",\"openwrt\",\"device\",\"url\"],\"value\":\"" + url + "\"},"
                + "{\"op\":\"put\",\"path\":[\"config-r1\",\"openwrt\",\"uci\",\"network\",\"sections\",\"lan\",\"options\","
                + "\"ipaddr\"],\"value\":\"" + address + "\"}]}";
        assertThat(curl(above, "10.231.1.1", "-X", "POST", "-d", body, "/_tx")).contains("revision");
    }

    private void awaitState(String state) {
        await("it is " + state, () -> get("/operational-r1/openwrt/apply/state/")
                .contains(state));
    }

    private void window(int seconds) {
        put("/config-r1/openwrt/apply/confirm-timeout/", Integer.toString(seconds));
    }

    static Stream<String> kinds() {
        return Boolean.getBoolean("tega.nightly") ? Stream.of("modern", "old") : Stream.of("modern");
    }

    /** One router through all of it, since servers take their time to start. */
    @ParameterizedTest
    @MethodSource("kinds")
    void whateverIsWantedOfItItIsNotLost(String kind) throws Exception {
        start(kind);
        movedItIsProvedAtTheNewAddress();
        window(6);
        outOfReachItIsBackInTime(6, kind);
        withoutPowerItComesBackWithWhatItHad();
        withoutTheGlobalServerNothingIsProved();
    }

    private void movedItIsProvedAtTheNewAddress() {
        readdress("10.9.9.9", "http://10.9.9.9");
        awaitState("confirmed");
        assertThat(shown()).isEqualTo("10.9.9.9 10.9.9.9 false");
    }

    private void outOfReachItIsBackInTime(int window, String kind) {
        readdress("172.31.9.9", "http://172.31.9.9");
        var flash = kind.equals("modern") ? "10.9.9.9" : "172.31.9.9";
        await("it is on trial", () -> shown().equals("172.31.9.9 " + flash + " true"));
        var tried = System.nanoTime();
        await("it is back", () -> shown().equals("10.9.9.9 10.9.9.9 false"));
        assertThat(Duration.ofNanos(System.nanoTime() - tried)).isLessThan(Duration.ofSeconds(window + 3));
        awaitState("rolled-back");
        assertThat(get("/operational-r1/openwrt/failed/reason/")).contains("could not be proved");
    }

    private void withoutPowerItComesBackWithWhatItHad() throws IOException {
        readdress("192.168.1.1", "http://192.168.1.1");
        await("it is on trial", () -> shown().endsWith("true"));
        router.getOutputStream().write("power\n".getBytes(StandardCharsets.UTF_8));
        router.getOutputStream().flush();
        assertThat(said.readLine()).isEqualTo("up");
        assertThat(shown()).isEqualTo("10.9.9.9 10.9.9.9 false");
        awaitState("rolled-back");
        assertThat(shown()).isEqualTo("10.9.9.9 10.9.9.9 false");
    }

    /** The router answers all the time, but nobody who controls the server does. */
    private void withoutTheGlobalServerNothingIsProved() {
        readdress("192.168.1.3", "http://192.168.1.3");
        await("it is on trial", () -> shown().endsWith("true"));
        Namespaces.run("ip", "-n", above, "link", "set", "south", "down");
        await("it is back", () -> shown().equals("10.9.9.9 10.9.9.9 false"));
        await("it is told", () -> atRouter("apply/state/").contains("rolled-back"));
        assertThat(atRouter("failed/reason/")).contains("global server");
    }

    private String atRouter(String path) {
        return curl(here, "127.0.0.1", "/operational-r1/openwrt/" + path);
    }
}
