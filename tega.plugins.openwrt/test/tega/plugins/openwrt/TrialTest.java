package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import tega.api.Path;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciReader;

/** One router, one wish, and all that can come between. */
class TrialTest {
    static final String NETWORK = """
            config interface 'lan'
            	option proto 'static'
            	option ipaddr '192.168.1.1'

            config route
            	option target '10.0.0.0/8'

            config route
            	option target '172.16.0.0/12'
            """;

    private final VirtualTime time = new VirtualTime();
    private final FakeRpcd router = new FakeRpcd(time::now);
    private final FakeBus bus = new FakeBus(router, time);
    private final List<Stage> stages = new ArrayList<>();
    private final Trial trial = new Trial(bus, time, time, () -> {});

    TrialTest() {
        router.edit("/etc/config/network", NETWORK);
    }

    private static UciPackage uci(String name, String text) throws Exception {
        return UciReader.ofFiles(true)
                .read(name, text.getBytes(StandardCharsets.UTF_8))
                .get(0);
    }

    private static RouterWish wish(String url, String network) throws Exception {
        var base = RouterWish.read(
                Value.object("device", Value.object("url", Value.of(url))), Path.parse("config-r.openwrt"));
        var packages = new LinkedHashMap<String, Wanted>();
        packages.put("network", new Wanted(uci("network", network), UciOwnership.PACKAGE));
        return base.with(packages);
    }

    private Trial.Outcome run(RouterWish wish) throws IOException {
        trial.contact(List.of(wish.url(), "http://192.168.1.1"));
        return trial.run(wish, name -> null, (stage, reason, ops, deadline) -> stages.add(stage));
    }

    private String network() {
        return router.files.get("/etc/config/network");
    }

    @Test
    void nothingToDoIsDoneAtOnce() throws Exception {
        assertThat(run(wish("http://192.168.1.1", NETWORK)))
                .isEqualTo(new Trial.Outcome(Stage.CONFIRMED, "the router had it already", 0));
        assertThat(stages).isEmpty();
    }

    @Test
    void aNewAddressIsProvedAtTheNewAddress() throws Exception {
        var outcome = run(wish("http://10.9.9.9", NETWORK.replace("192.168.1.1", "10.9.9.9")));
        assertThat(outcome).isEqualTo(new Trial.Outcome(Stage.CONFIRMED, "", 1));
        assertThat(stages).containsExactly(Stage.PLANNED, Stage.STAGED, Stage.TRIAL);
        assertThat(router.address()).isEqualTo("10.9.9.9");
        assertThat(router.isOnTrial()).isFalse();
        assertThat(router.files.keySet()).noneMatch(path -> path.startsWith("/etc/tega/pending/c"));
    }

    @Test
    void anAddressThatCannotBeReachedIsTakenBack() throws Exception {
        var begin = time.now();
        var outcome = run(wish("http://192.168.1.1", NETWORK.replace("192.168.1.1", "10.9.9.9")));
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("nothing answers at http://192.168.1.1");
        assertThat(network()).isEqualTo(NETWORK);
        assertThat(time.now()).isBefore(begin.plusSeconds(60 + 3 + 5));
    }

    @Test
    void whoCannotBeAskedAnyMoreTakesItBack() throws Exception {
        var cut = new Trial(bus, time, time, () -> {
            throw new IOException("the global server does not answer");
        });
        cut.contact(List.of("http://192.168.1.1"));
        var outcome = cut.run(
                wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")),
                name -> null,
                (a, b, c, d) -> {});
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("the global server does not answer");
        assertThat(network()).isEqualTo(NETWORK);
    }

    @Test
    void aPowerCutInTheWindowBringsTheOldBack() throws Exception {
        bus.happen(
                call -> router.isOnTrial() && call.equals("system.board") ? FakeBus.Fault.POWER : FakeBus.Fault.NONE);
        var outcome = run(wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")));
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(router.wasRestoredAtBoot()).isTrue();
        assertThat(network()).isEqualTo(NETWORK);
    }

    @Test
    void aCrashOfRpcdInTheWindowDoesNotKeepWhatCannotBeReached() throws Exception {
        bus.happen(
                call -> router.isOnTrial() && call.equals("session.login") ? FakeBus.Fault.CRASH : FakeBus.Fault.NONE);
        var cut = new Trial(bus, time, time, () -> {
            throw new IOException("the global server does not answer");
        });
        cut.contact(List.of("http://192.168.1.1"));
        var outcome = cut.run(
                wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")),
                name -> null,
                (a, b, c, d) -> {});
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("had not taken it back by itself");
        assertThat(network()).contains("10.0.0.0/8");
    }

    @Test
    void whatTheRouterDropsIsSeenBeforeItCounts() throws Exception {
        var wish = wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "10.0.0.0\u0001"));
        var outcome = run(wish);
        assertThat(outcome.stage()).isEqualTo(Stage.FAILED);
        assertThat(outcome.reason()).startsWith("the router did not take all of network: _route__1.target");
        assertThat(network()).isEqualTo(NETWORK);
    }

    @Test
    void aRivalInTheWindowIsTold() throws Exception {
        bus.happen(call -> {
            if (router.isOnTrial() && call.equals("uci.confirm")) {
                router.rivalApplies();
                router.edit("/etc/config/network", NETWORK.replace("172.16.0.0/12", "172.17.0.0/16"));
            }
            return FakeBus.Fault.NONE;
        });
        var outcome = run(wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")));
        assertThat(outcome.stage()).isEqualTo(Stage.FAILED);
        assertThat(outcome.reason()).startsWith("somebody else changed the router meanwhile: network.");
    }

    @Test
    void aRivalThatMakesTheTrialForGoodDoesNotMakeWhatIsNotProvedStay() throws Exception {
        var cut = new Trial(bus, time, time, () -> {
            throw new IOException("the global server does not answer");
        });
        cut.contact(List.of("http://192.168.1.1"));
        bus.happen(call -> {
            if (router.isOnTrial() && call.equals("system.board")) {
                router.rivalApplies();
            }
            return FakeBus.Fault.NONE;
        });
        var outcome = cut.run(
                wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")),
                name -> null,
                (a, b, c, d) -> {});
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("had not taken it back by itself");
        assertThat(network()).contains("10.0.0.0/8");
    }

    @Test
    void withoutTheGuardNothingIsApplied() throws Exception {
        router.files.remove("/etc/tega/pending/");
        var wish = wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8"));
        assertThatThrownBy(() -> run(wish)).hasMessageContaining("guard of tega is not installed");
        assertThat(network()).isEqualTo(NETWORK);
    }

    @Test
    void aNewPackageIsMade() throws Exception {
        var base = wish("http://192.168.1.1", NETWORK);
        var packages = new LinkedHashMap<>(base.packages());
        packages.put(
                "system", new Wanted(uci("system", "config system\n\toption hostname 'r1'\n"), UciOwnership.PACKAGE));
        var wish = base.with(packages);
        assertThat(run(wish).stage()).isEqualTo(Stage.CONFIRMED);
        assertThat(router.files.get("/etc/config/system")).isEqualTo("\nconfig system\n\toption hostname 'r1'\n\n");
    }

    @Test
    void largeTextsGoInPortions() throws Exception {
        var text = new StringBuilder(NETWORK).append("config big 'big'\n");
        for (var i = 0; i < 300; i++) {
            text.append("\toption o")
                    .append(i)
                    .append(" '")
                    .append("x".repeat(700))
                    .append("'\n");
        }
        assertThat(run(wish("http://192.168.1.1", text.toString())).stage()).isEqualTo(Stage.CONFIRMED);
        assertThat(run(wish("http://192.168.1.1", text.toString())).ops()).isZero();
    }

    private static final String OVERRIDE = "/var/run/uci/network";

    @Test
    void aModernRouterTriesItInRam() throws Exception {
        router.modern();
        var flash = new ArrayList<String>();
        bus.happen(call -> {
            if (router.files.containsKey(OVERRIDE)) {
                flash.add(network());
            }
            return FakeBus.Fault.NONE;
        });
        var outcome = run(wish("http://10.9.9.9", NETWORK.replace("192.168.1.1", "10.9.9.9")));
        assertThat(outcome).isEqualTo(new Trial.Outcome(Stage.CONFIRMED, "", 1));
        assertThat(flash).isNotEmpty().containsOnly(NETWORK);
        assertThat(network()).contains("10.9.9.9");
        assertThat(router.address()).isEqualTo("10.9.9.9");
        assertThat(router.files.keySet())
                .doesNotContain(OVERRIDE, "/var/run/tega/trial", "/etc/tega/pending/COMMIT", "/var/run/uci/tega_probe");
    }

    @Test
    void inRamAPowerCutUndoesItWithoutTheJournal() throws Exception {
        router.modern();
        bus.happen(call -> router.files.containsKey(OVERRIDE) && call.equals("system.board")
                ? FakeBus.Fault.POWER
                : FakeBus.Fault.NONE);
        var outcome = run(wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")));
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(router.wasRestoredAtBoot()).isFalse();
        assertThat(network()).isEqualTo(NETWORK);
    }

    @Test
    void inRamAnAddressThatCannotBeReachedIsTakenBackByTheGuard() throws Exception {
        router.modern();
        var begin = time.now();
        var outcome = run(wish("http://192.168.1.1", NETWORK.replace("192.168.1.1", "10.9.9.9")));
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("nothing answers at http://192.168.1.1");
        assertThat(network()).isEqualTo(NETWORK);
        assertThat(router.address()).isEqualTo("192.168.1.1");
        assertThat(time.now()).isBefore(begin.plusSeconds(60 + 3 + 5));
    }

    @Test
    void withoutItsWatchTheGuardIsNotTrusted() throws Exception {
        router.modern().unwatched();
        var seen = new ArrayList<Boolean>();
        bus.happen(call -> {
            seen.add(router.files.containsKey(OVERRIDE));
            return FakeBus.Fault.NONE;
        });
        assertThat(run(wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")))
                        .stage())
                .isEqualTo(Stage.CONFIRMED);
        assertThat(seen).containsOnly(false);
    }

    @Test
    void whatSomebodyElseTriesIsNotWrittenOver() throws Exception {
        router.modern();
        router.edit(OVERRIDE, NETWORK.replace("172.16.0.0/12", "172.17.0.0/16"));
        var wish = wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8"));
        assertThatThrownBy(() -> run(wish)).hasMessageContaining("somebody else tries 'network'");
        assertThat(router.files.get(OVERRIDE)).contains("172.17.0.0/16");
    }

    @Test
    void aRivalThatChangesWhatIsTriedIsTold() throws Exception {
        router.modern();
        bus.happen(call -> {
            if (router.files.containsKey(OVERRIDE) && call.equals("system.board")) {
                router.edit(OVERRIDE, NETWORK.replace("172.16.0.0/12", "172.17.0.0/16"));
            }
            return FakeBus.Fault.NONE;
        });
        var outcome = run(wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")));
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("not what was put in RAM any more");
        assertThat(network()).isEqualTo(NETWORK);
    }

    @Test
    void whatTheGlobalServerDoesNotProveIsTakenBackFromRamToo() throws Exception {
        router.modern();
        var cut = new Trial(bus, time, time, () -> {
            throw new IOException("the global server does not answer");
        });
        cut.contact(List.of("http://192.168.1.1"));
        var outcome = cut.run(
                wish("http://192.168.1.1", NETWORK.replace("10.0.0.0/8", "11.0.0.0/8")),
                name -> null,
                (a, b, c, d) -> {});
        assertThat(outcome.stage()).isEqualTo(Stage.ROLLED_BACK);
        assertThat(outcome.reason()).contains("the global server does not answer");
        assertThat(router.effective("network")).isEqualTo(NETWORK);
    }
}
