package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciReader;
import tega.store.TegaStore;

/** The rights that {@code router/acl.json} gives suffice for what is called. */
class AclTest {
    private static final Map<String, String> RIGHTS =
            Map.of("read", "read", "md5", "read", "stat", "list", "write", "write", "remove", "write", "exec", "exec");

    private final ObjectValue acl;
    private final VirtualTime time = new VirtualTime();
    private final FakeRpcd rpcd = new FakeRpcd(time::now);
    private final FakeBus fake = new FakeBus(rpcd, time);
    private final List<String> refused = new ArrayList<>();

    @TempDir
    Path folder;

    AclTest() throws IOException {
        var json = ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();
        acl = (ObjectValue) ((ObjectValue) json.readJson(Files.readAllBytes(Path.of("router/acl.json")))).get("tega");
        rpcd.edit("/etc/config/network", TrialTest.NETWORK);
    }

    /** The fake one, asked only for what is permitted. */
    private final class Strict implements Ubus {
        @Override
        public ObjectValue call(String object, String method, ObjectValue args) throws IOException {
            var file = text(args.get(object.equals("file") && method.equals("exec") ? "command" : "path"));
            if (method.equals("exec")) {
                file += " " + text(((ArrayValue) args.get("params")).get(0));
            }
            if (!isPermitted("ubus", object, method)
                    || (object.equals("file") && !isPermitted("file", file, RIGHTS.get(method)))) {
                refused.add(object + "." + method + " " + file);
            }
            return fake.call(object, method, args);
        }

        @Override
        public void login(String url) throws IOException {
            fake.login(url);
        }
    }

    private static String text(Value value) {
        return value instanceof StringValue text ? text.text() : "";
    }

    private boolean isPermitted(String scope, String object, String right) {
        for (var half : List.of("read", "write")) {
            for (var member : (ObjectValue) ((ObjectValue) acl.get(half)).get(scope)) {
                if (object.matches(member.name().replace(".", "\\.").replace("*", ".*"))
                        && ((ArrayValue) member.value()).items().contains(Value.of(right))) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void forATrial(boolean modern) throws Exception {
        if (modern) {
            rpcd.modern();
        }
        var base = RouterWish.read(
                Value.object("device", Value.object("url", Value.of("http://192.168.1.1"))),
                tega.api.Path.parse("config-r.openwrt"));
        var goal = UciReader.ofFiles(true)
                .read(
                        "network",
                        TrialTest.NETWORK.replace("10.0.0.0/8", "11.0.0.0/8").getBytes(StandardCharsets.UTF_8))
                .get(0);
        var trial = new Trial(new Strict(), time, time, Prober.NONE);
        trial.contact(List.of(base.url()));
        var outcome = trial.run(
                base.with(Map.of("network", new Wanted(goal, UciOwnership.PACKAGE))), name -> null, (a, b, c, d) -> {});
        assertThat(outcome.stage()).isEqualTo(Stage.CONFIRMED);
        assertThat(refused).isEmpty();
    }

    @Test
    void forAFirmware() throws Exception {
        Files.createDirectories(folder.resolve("firmware"));
        Files.writeString(folder.resolve("firmware/new.bin"), "image");
        rpcd.upgrade = image -> {
            time.advance(Duration.ofMinutes(1));
            rpcd.powerCycle();
        };
        try (var store = TegaStore.open(folder.resolve("data"))) {
            store.put(tega.api.Path.parse("config-r1.openwrt.device.url"), Value.of("http://192.168.1.1"));
            var firmware = new Firmware(
                    new Router("r1", store, wish -> new Strict(), time, time, Prober.NONE),
                    new RouterRecord(store, "r1"),
                    folder.resolve("firmware"),
                    time,
                    time);
            firmware.stage("new.bin");
            firmware.apply("");
            assertThat(new RouterRecord(store, "r1").firmware().get("state")).isEqualTo(Value.of("done"));
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void forEvents() {
        assertThat(isPermitted("ubus", "network.interface", ":subscribe")).isTrue();
        assertThat(isPermitted("ubus", "network.interface", "dump")).isTrue();
    }

    @Test
    void andForNoMoreThanThat() {
        assertThat(isPermitted("file", "/etc/shadow", "read")).isFalse();
        assertThat(isPermitted("file", "/etc/tega/pending/../../passwd", "exec"))
                .isFalse();
        assertThat(isPermitted("file", "/bin/sh -c reboot", "exec")).isFalse();
        assertThat(isPermitted("ubus", "system", "sysupgrade")).isFalse();
    }
}
