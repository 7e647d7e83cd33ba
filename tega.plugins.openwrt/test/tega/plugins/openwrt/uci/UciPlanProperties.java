package tega.plugins.openwrt.uci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** From any configuration to any other, and then nothing more. */
class UciPlanProperties {
    @Provide
    Arbitrary<UciPackage> packages() {
        var values = Arbitraries.of("1", "2", "a b", "it's", "x\ny");
        Arbitrary<UciOption> options = Arbitraries.oneOf(
                values.map(UciOption::of),
                values.list().ofMinSize(1).ofMaxSize(3).map(UciOption::of));
        var maps = Arbitraries.maps(Arbitraries.of("p", "q", "r", "s"), options);
        Arbitrary<UciSection> sections = Combinators.combine(
                        Arbitraries.of("", "lan", "wan", "dmz"), Arbitraries.of("host", "rule"), maps)
                .as((name, type, map) -> new UciSection(name, type, name.isEmpty(), new LinkedHashMap<>(map)));
        return sections.list().ofMaxSize(8).map(UciPlanProperties::distinct);
    }

    private static UciPackage distinct(List<UciSection> sections) {
        var ids = new HashSet<String>();
        var kept = new ArrayList<UciSection>();
        for (var section : sections) {
            if (section.anonymous()) {
                kept.add(new UciSection(
                        UciPackage.positional(kept.size(), section.type()), section.type(), true, section.options()));
            } else if (ids.add(section.id())) {
                kept.add(section);
            }
        }
        return new UciPackage("net", kept);
    }

    @Property(tries = 500)
    void aPlanLeadsThereAndThenThereIsNone(@ForAll("packages") UciPackage there, @ForAll("packages") UciPackage goal) {
        var wanted = UciModel.canonical(goal);
        var plan = UciPlan.of(there, wanted, null, UciOwnership.PACKAGE);
        var after = UciModel.after(there, plan);
        assertThat(UciModel.isSame(after, wanted)).isTrue();
        assertThat(UciPlan.of(after, wanted, null, UciOwnership.PACKAGE).ops()).isEmpty();
    }

    @Property(tries = 500)
    void nothingIsDoneForWhatIsThere(@ForAll("packages") UciPackage there) {
        assertThat(UciPlan.of(there, UciModel.canonical(there), null, UciOwnership.PACKAGE)
                        .ops())
                .isEmpty();
    }

    @Property(tries = 300)
    void whatIsNotOursStays(@ForAll("packages") UciPackage there, @ForAll("packages") UciPackage goal) {
        var wanted = UciModel.canonical(goal);
        var plan = UciPlan.of(there, wanted, null, UciOwnership.OPTIONS);
        var after = UciModel.after(there, plan);
        var same = UciAlignment.of(wanted.sections(), there.sections());
        for (var section : there.sections()) {
            var isOurs = wanted.sections().stream().anyMatch(ours -> ours.id().equals(section.id()))
                    || same.values().stream().anyMatch(ours -> ours.id().equals(section.id()));
            if (!isOurs) {
                assertThat(after.sections()).contains(section);
            }
        }
        assertThat(UciPlan.of(after, wanted, null, UciOwnership.OPTIONS).ops()).isEmpty();
    }

    /** Deleting the first of three anonymous sections deletes that one, and touches no other. */
    @Example
    void theFirstOfThreeGoes() {
        var hosts = new ArrayList<UciSection>();
        for (var name : List.of("a", "b", "c")) {
            hosts.add(new UciSection(
                    UciPackage.positional(hosts.size(), "host"),
                    "host",
                    true,
                    Map.of("name", UciOption.of(name), "ip", UciOption.of("10.0.0.1"))));
        }
        var there = new UciPackage("dhcp", hosts);
        var wanted = new UciPackage("dhcp", UciModel.canonical(there).sections().subList(1, 3));
        assertThat(UciPlan.of(there, wanted, null, UciOwnership.PACKAGE).ops())
                .containsExactly(new UciOp.Delete(hosts.get(0).id()));
    }
}
