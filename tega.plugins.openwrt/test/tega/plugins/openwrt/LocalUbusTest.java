package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciReader;

/** The router that the server runs on: a program {@code ubus} that is really run, and files that are really written. */
class LocalUbusTest {
    @TempDir
    Path root;

    private final JsonCodec json =
            ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();
    private final FakeRpcd rpcd = new FakeRpcd(Instant::now);
    private final List<String> calls = new ArrayList<>();
    private ServerSocket door;
    private LocalUbus bus;

    /** The program passes on what it is called with; what answers is the fake rpcd, whose files are those in the folder. */
    @BeforeEach
    void install() throws IOException {
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Files.createDirectories(root.resolve("etc/config"));
        Files.createDirectories(root.resolve("etc/tega/pending"));
        Files.writeString(root.resolve("etc/config/network"), TrialTest.NETWORK);
        var program = root.resolve("ubus");
        Files.writeString(program, """
                #!/bin/bash
                [ "$1 $2" = "-S call" ] || exit 255
                exec 3<> /dev/tcp/127.0.0.1/%d
                printf '%%s\\n' "$3" "$4" "$5" >&3
                read -r status <&3
                cat <&3
                exit "$status"
                """.formatted(door.getLocalPort()));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        var thread = new Thread(this::serve, "fake ubus");
        thread.setDaemon(true);
        thread.start();
        var programs = new SystemPrograms();
        bus = new LocalUbus(
                json,
                (command, deadline) -> {
                    var real = new ArrayList<>(command);
                    if (real.get(0).equals("ubus")) {
                        real.set(0, program.toString());
                    }
                    return programs.run(real, deadline);
                },
                new LocalFiles(root));
    }

    @AfterEach
    void close() throws IOException {
        door.close();
    }

    private void serve() {
        while (!door.isClosed()) {
            try (var call = door.accept()) {
                var in = new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.UTF_8));
                var answer = answer(in.readLine(), in.readLine(), (ObjectValue) json.readJson(in.readLine()));
                call.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                return;
            }
        }
    }

    private String answer(String object, String method, ObjectValue args) throws IOException {
        calls.add(object + "." + method);
        copyIn();
        try {
            if (object.equals("session") && method.equals("create")) {
                return "0\n" + Value.object("ubus_rpc_session", Value.of(rpcd.login("local", "secret"))) + "\n";
            }
            if (object.equals("session") && method.equals("grant")) {
                return "0\n";
            }
            var sid =
                    args.get("ubus_rpc_session") instanceof StringValue id ? id.text() : rpcd.login("other", "secret");
            var answer = rpcd.call(sid, object, method, args.without("ubus_rpc_session"));
            copyOut();
            return "0\n" + answer + "\n";
        } catch (FakeRpcd.Status e) {
            return e.code + "\n";
        }
    }

    /** What is on the disk is what rpcd reads, and the other way round. */
    private void copyIn() throws IOException {
        try (var files = Files.list(root.resolve("etc/config"))) {
            for (var file : files.toList()) {
                rpcd.files.put("/etc/config/" + file.getFileName(), Files.readString(file));
            }
        }
    }

    private void copyOut() {
        rpcd.files.forEach((path, text) -> {
            if (path.startsWith("/etc/config/")) {
                try {
                    Files.writeString(root.resolve(path.substring(1)), text);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Test
    void aConfigurationIsTriedAndKept() throws Exception {
        var base = RouterWish.read(
                Value.object("device", Value.object("url", Value.of("local:"))),
                tega.api.Path.parse("config-r.openwrt"));
        var goal = UciReader.ofFiles(true)
                .read(
                        "network",
                        TrialTest.NETWORK.replace("10.0.0.0/8", "it'\\''s; new").getBytes(StandardCharsets.UTF_8))
                .get(0);
        var packages = new LinkedHashMap<String, Wanted>(Map.of("network", new Wanted(goal, UciOwnership.PACKAGE)));
        var time = new VirtualTime();
        var trial = new Trial(bus, time, time, Prober.NONE);
        trial.contact(List.of(base.url(), "http://192.168.1.1"));
        assertThat(trial.reached()).isEqualTo("local:");
        var outcome = trial.run(base.with(packages), name -> null, (stage, reason, ops, deadline) -> {});
        assertThat(outcome).isEqualTo(new Trial.Outcome(Stage.CONFIRMED, "", 1));
        assertThat(Files.readString(root.resolve("etc/config/network"))).contains("option target 'it'\\''s; new'");
        assertThat(root.resolve("etc/tega/pending/COMMIT")).doesNotExist();
        assertThat(calls).contains("session.grant", "uci.apply", "uci.confirm").doesNotContain("file.write");
    }

    @Test
    void aRefusalHasItsStatus() throws Exception {
        bus.login("local:");
        assertThatThrownBy(() -> bus.call("uci", "get", Value.object("config", Value.of("nothing"))))
                .isInstanceOfSatisfying(
                        Ubus.Refusal.class, e -> assertThat(e.status()).isEqualTo(Ubus.Refusal.NOT_FOUND));
    }

    @Test
    void aSessionThatEndedIsBegunAnew() throws Exception {
        bus.login("local:");
        rpcd.crash();
        assertThat(new RouterUci(bus).read("network").sections()).hasSize(3);
        assertThat(calls.stream().filter("session.create"::equals)).hasSize(2);
    }

    @Test
    void filesAreTheMachines() throws Exception {
        var files = new RouterFiles(bus);
        var big = "ä".repeat(RouterFiles.PORTION);
        files.write("/etc/tega/pending/x", big);
        assertThat(Files.readString(root.resolve("etc/tega/pending/x"))).isEqualTo(big);
        assertThat(files.text("/etc/tega/pending/x")).hasValue(big);
        assertThat(files.size("/etc/tega/pending/x")).isEqualTo(2L * RouterFiles.PORTION);
        assertThat(files.stamp("/etc/tega/pending/nothing")).isEmpty();
        assertThat(files.read("/etc/tega/pending/nothing")).isEmpty();
        files.remove("/etc/tega/pending/x");
        files.remove("/etc/tega/pending/x");
        assertThat(root.resolve("etc/tega/pending/x")).doesNotExist();
    }

    @Test
    void anotherRouterIsNotReachedThisWay() {
        assertThatThrownBy(() -> bus.login("http://192.168.1.1")).hasMessageContaining("not the router");
    }

    @Test
    void aProgramThatDoesNotEndIsKilled() {
        var begin = System.nanoTime();
        assertThatThrownBy(() -> new SystemPrograms().run(List.of("sleep", "60"), Duration.ofMillis(100)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'sleep' has not ended");
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(50));
    }
}
