package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import tega.api.Path;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciModel;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciReader;
import tega.plugins.openwrt.uci.UciSection;
import tega.plugins.openwrt.uci.UciWriter;

/** Whatever is wanted, and whatever goes wrong: the router ends with the old or the new, and that is what is told. */
class TrialProperties {
    private static final String URL = "http://192.168.1.1";

    private static UciPackage read(FakeRpcd router) throws Exception {
        return read(router.files.get("/etc/config/network"));
    }

    private static UciPackage read(String text) throws Exception {
        return UciModel.canonical(UciReader.ofFiles(true)
                .read("network", text.getBytes(StandardCharsets.UTF_8))
                .get(0));
    }

    /** What the services run; what is on the flash when they were never told of anything. */
    private static UciPackage running(FakeRpcd router) throws Exception {
        return read(router.running.getOrDefault("network", router.files.get("/etc/config/network")));
    }

    /** A router with some configuration: an old one, or one that keeps trials in RAM. */
    private static FakeRpcd router(Random random, VirtualTime time) throws Exception {
        var router = new FakeRpcd(time::now);
        router.edit("/etc/config/network", TrialTest.NETWORK);
        var edited = edited(read(router), random);
        router.edit("/etc/config/network", new String(UciWriter.file(edited), StandardCharsets.UTF_8));
        return random.nextBoolean() ? router.modern() : router;
    }

    private static RouterWish wish(UciPackage goal) {
        var base = RouterWish.read(
                Value.object("device", Value.object("url", Value.of(URL))), Path.parse("config-r.openwrt"));
        return base.with(Map.of("network", new Wanted(goal, UciOwnership.PACKAGE)));
    }

    /** Some edits of a configuration; the address of lan stays, or the router would be cut off. */
    private static UciPackage edited(UciPackage there, Random random) {
        var sections = new ArrayList<>(there.sections());
        for (var edits = 1 + random.nextInt(5); edits > 0; edits--) {
            switch (random.nextInt(4)) {
                case 0 ->
                    sections.add(
                            random.nextInt(sections.size() + 1), new UciSection("x", "route", true, options(random)));
                case 1 -> {
                    var at = 1 + random.nextInt(sections.size());
                    if (at < sections.size()) {
                        sections.remove(at);
                    }
                }
                case 2 -> Collections.shuffle(sections, random);
                default -> {
                    var at = random.nextInt(sections.size());
                    var old = sections.get(at);
                    var options = new LinkedHashMap<>(old.options());
                    options.putAll(options(random));
                    sections.set(at, new UciSection(old.id(), old.type(), old.anonymous(), options));
                }
            }
        }
        if (sections.stream().noneMatch(section -> section.id().equals("lan"))) {
            sections.add(there.sections().stream()
                    .filter(section -> section.id().equals("lan"))
                    .findFirst()
                    .orElseThrow());
        }
        return UciModel.canonical(new UciPackage("network", sections));
    }

    private static Map<String, UciOption> options(Random random) {
        var values = List.of("1", "a b", "it's", "two\nlines", "Größe", "\"quoted\"");
        var options = new LinkedHashMap<String, UciOption>();
        for (var i = random.nextInt(3); i >= 0; i--) {
            var value = values.get(random.nextInt(values.size()));
            options.put(
                    "o" + random.nextInt(4),
                    random.nextBoolean() ? UciOption.of(value) : UciOption.of(List.of(value, "z")));
        }
        return options;
    }

    @Property(tries = 600)
    void oldOrNewAndSoTold(@ForAll long seed, @ForAll @IntRange(min = 0, max = 90) int when) throws Exception {
        var random = new Random(seed);
        var time = new VirtualTime();
        var router = router(random, time);
        var old = read(router);
        var goal = edited(old, random);

        var bus = new FakeBus(router, time);
        var kinds = FakeBus.Fault.values();
        var kind = kinds[random.nextInt(kinds.length)];
        var calls = new int[1];
        bus.happen(call -> calls[0]++ == when ? kind : FakeBus.Fault.NONE);

        var last = new Stage[] {Stage.IDLE};
        var end = new Instant[] {time.now()};
        var trial = new Trial(bus, time, time, Prober.NONE);
        Trial.Outcome outcome = null;
        for (var attempt = 0; attempt < 9 && (outcome == null || outcome.stage() == Stage.UNREACHABLE); attempt++) {
            try {
                trial.contact(List.of(URL));
                if (last[0] == Stage.TRIAL) {
                    outcome = trial.resume(wish(goal), name -> null, end[0]);
                } else {
                    outcome = trial.run(wish(goal), name -> null, (stage, reason, ops, deadline) -> {
                        last[0] = stage;
                        end[0] = deadline == null ? end[0] : deadline;
                    });
                }
            } catch (IOException e) {
                time.advance(Duration.ofSeconds(10)); // A fault; the next attempt goes on.
            }
        }

        bus.happen(call -> FakeBus.Fault.NONE);
        assertThat(outcome).isNotNull();
        assertThat(outcome.stage()).isIn(Stage.CONFIRMED, Stage.ROLLED_BACK, Stage.FAILED);
        time.advance(Duration.ofMinutes(2));
        router.tick();
        var expected = outcome.stage() == Stage.CONFIRMED ? goal : old;
        assertThat(read(router)).as("%s", outcome).isEqualTo(expected);
        assertThat(running(router)).as("running, %s", outcome).isEqualTo(expected);
        assertNothingIsLeft(router);
        if (outcome.stage() == Stage.CONFIRMED) {
            trial.contact(List.of(URL));
            assertThat(trial.differences(wish(goal), name -> null).get("network"))
                    .isEmpty();
        }
    }

    private static void assertNothingIsLeft(FakeRpcd router) {
        assertThat(router.files.keySet())
                .doesNotContain(
                        "/etc/tega/pending/COMMIT",
                        "/etc/tega/pending/cfg_network",
                        "/var/run/uci/network",
                        "/var/run/uci/tega_probe",
                        "/var/run/tega/trial");
    }

    /** The server dies at any call and never comes back: the router ends with the old, or with the new if that was proved. */
    @Property(tries = 600)
    void leftAloneItEndsWithTheOldOrTheProved(@ForAll long seed, @ForAll @IntRange(min = 0, max = 90) int when)
            throws Exception {
        var random = new Random(seed);
        var time = new VirtualTime();
        var router = router(random, time);
        var old = read(router);
        var goal = edited(old, random);
        var bus = new FakeBus(router, time);
        var calls = new int[1];
        var confirmed = new boolean[1];
        var unanswered = random.nextBoolean();
        bus.happen(call -> {
            confirmed[0] |= call.equals("uci.confirm");
            return calls[0]++ < when
                    ? FakeBus.Fault.NONE
                    : unanswered && calls[0] == when + 1 ? FakeBus.Fault.UNANSWERED : FakeBus.Fault.LOST;
        });
        try {
            var trial = new Trial(bus, time, time, Prober.NONE);
            trial.contact(List.of(URL));
            trial.run(wish(goal), name -> null, (stage, reason, ops, deadline) -> {});
        } catch (IOException e) {
            // It is lost.
        }
        for (var second = 0; second < 120; second++) {
            time.advance(Duration.ofSeconds(1));
            router.tick();
        }
        var end = read(router.effective("network"));
        assertThat(end).isIn(old, goal);
        assertThat(running(router)).isEqualTo(end);
        if (!confirmed[0]) {
            assertThat(end).isEqualTo(old);
        }
        assertThat(router.files.keySet()).doesNotContain("/var/run/uci/network", "/var/run/tega/trial");
        router.powerCycle();
        assertThat(read(router.effective("network"))).isIn(old, end);
    }
}
