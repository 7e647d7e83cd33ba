package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.store.TegaStore;

/** A new firmware, and all that can come between. */
class FirmwareTest {
    private static final String IMAGE = "image " + "0123456789".repeat(20_000);

    @TempDir
    java.nio.file.Path folder;

    private final VirtualTime time = new VirtualTime();
    private final FakeRpcd rpcd = new FakeRpcd(time::now);
    private final FakeBus bus = new FakeBus(rpcd, time);
    private TegaStore store;
    private Firmware firmware;

    @BeforeEach
    void open() throws IOException {
        store = TegaStore.open(folder.resolve("data"));
        rpcd.edit("/etc/config/network", TrialTest.NETWORK);
        store.put(Path.parse("config-r1.openwrt.device.url"), Value.of("http://192.168.1.1"));
        Files.createDirectories(folder.resolve("firmware"));
        Files.writeString(folder.resolve("firmware/new.bin"), IMAGE);
        rpcd.upgrade = image -> {
            rpcd.release = "24.10.0";
            time.advance(Duration.ofMinutes(2));
            rpcd.powerCycle();
        };
        firmware = made();
    }

    private Firmware made() {
        return new Firmware(
                new Router("r1", store, wish -> bus, time, time, Prober.NONE),
                new RouterRecord(store, "r1"),
                folder.resolve("firmware"),
                time,
                time);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private String get(String member) {
        return store.get(Path.parse("operational-r1.openwrt.firmware." + member))
                .map(Value::toString)
                .orElse("nothing");
    }

    @Test
    void itIsBroughtCheckedAppliedAndCompared() {
        var check = firmware.check("new.bin");
        assertThat(check.get("fits")).isEqualTo(Value.of(true));
        assertThat(check.get("release")).isEqualTo(Value.of("23.05.5"));
        firmware.stage("new.bin");
        assertThat(get("state")).as(get("reason")).isEqualTo("\"staged\"");
        assertThat(get("sent")).isEqualTo(String.valueOf(IMAGE.length()));
        assertThat(rpcd.files.get(Firmware.PLACE)).isEqualTo(IMAGE);
        firmware.apply("24.10.0");
        assertThat(get("state")).as(get("reason")).isEqualTo("\"done\"");
        assertThat(get("release")).isEqualTo("\"24.10.0\"");
    }

    @Test
    void whatWasCutOffGoesOnWhereItWas() {
        var writes = new int[1];
        bus.happen(call -> call.equals("file.write") && ++writes[0] > 2 ? FakeBus.Fault.LOST : FakeBus.Fault.NONE);
        firmware.stage("new.bin");
        assertThat(get("state")).isEqualTo("\"staging\"");
        assertThat(get("reason")).contains("does not answer");
        assertThat(rpcd.files.get(Firmware.PLACE)).hasSize(2 * RouterFiles.PORTION);
        var more = new int[1];
        bus.happen(call -> {
            more[0] += call.equals("file.write") ? 1 : 0;
            return FakeBus.Fault.NONE;
        });
        made().tend();
        assertThat(get("state")).as(get("reason")).isEqualTo("\"staged\"");
        assertThat(more[0]).isEqualTo(IMAGE.length() / RouterFiles.PORTION + 1 - 2);
        assertThat(rpcd.files.get(Firmware.PLACE)).isEqualTo(IMAGE);
    }

    @Test
    void withoutTheMemoryNothingIsSent() {
        rpcd.memory = 4 << 20;
        assertThat(firmware.check("new.bin").get("fits")).isEqualTo(Value.of(false));
        assertThatThrownBy(() -> firmware.stage("new.bin"))
                .isInstanceOf(TegaException.Unavailable.class)
                .hasMessageContaining("bytes of memory free");
        assertThat(rpcd.files).doesNotContainKey(Firmware.PLACE);
    }

    @Test
    void whatTheRouterDoesNotTakeIsNotStaged() throws IOException {
        Files.writeString(folder.resolve("firmware/new.bin"), "for another board");
        firmware.stage("new.bin");
        assertThat(get("state")).isEqualTo("\"failed\"");
        assertThat(get("reason")).contains("fwtool_device_match");
        assertThat(rpcd.files).doesNotContainKey(Firmware.PLACE);
        assertThatThrownBy(() -> firmware.apply("")).hasMessageContaining("stage one first");
    }

    @Test
    void anotherReleaseThanExpectedIsAFailure() {
        firmware.stage("new.bin");
        firmware.apply("24.10.1");
        assertThat(get("state")).isEqualTo("\"failed\"");
        assertThat(get("reason")).contains("24.10.0 and not with 24.10.1");
    }

    @Test
    void theServerMayBeRestartedWhileTheRouterWritesItsFlash() {
        firmware.stage("new.bin");
        bus.happen(call -> call.equals("file.exec") ? FakeBus.Fault.UNANSWERED : FakeBus.Fault.NONE);
        var stopped = new Firmware(
                new Router("r1", store, wish -> bus, time, time, Prober.NONE),
                new RouterRecord(store, "r1"),
                folder.resolve("firmware"),
                time,
                duration -> {
                    throw new IOException("the plugin stops");
                });
        rpcd.upgrade = image -> bus.happen(call -> FakeBus.Fault.LOST);
        stopped.apply("");
        assertThat(get("state")).isEqualTo("\"applying\"");
        time.advance(Duration.ofMinutes(3));
        rpcd.release = "24.10.0";
        rpcd.powerCycle();
        bus.happen(call -> FakeBus.Fault.NONE);
        made().tend();
        assertThat(get("state")).as(get("reason")).isEqualTo("\"done\"");
        assertThat(get("release")).isEqualTo("\"24.10.0\"");
    }

    @Test
    void onlyImagesOfTheFolderAreTaken() {
        for (var name : List.of("../data", "nothing.bin", "")) {
            assertThatThrownBy(() -> firmware.check(name))
                    .isInstanceOf(TegaException.Invalid.class)
                    .hasMessageContaining("in the folder firmware");
        }
    }
}
