package tega.bench;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code bench store}: what the store costs and what it was to cost, one row each. */
final class StoreReport {
    private final Map<String, Double> nanos = new HashMap<>();
    private final StringBuilder table =
            new StringBuilder("| the store on a log that writes nothing | figure | aim | |\n|---|---|---|---|\n");

    private StoreReport() {}

    static void run() throws RunnerException {
        new StoreReport().measure();
    }

    private void measure() throws RunnerException {
        var sizes = options("commit|get|snapshot|diffOfTen");
        take("", new Runner(sizes.build()).run());
        take(
                "idle",
                new Runner(options("commit")
                                .param("shape", "SMALL")
                                .param("idle", "10000")
                                .build())
                        .run());
        take(
                "",
                new Runner(options("fanOut")
                                .param("shape", "SMALL")
                                .param("keen", "1000")
                                .build())
                        .run());
        double small = of("commit SMALL");
        double large = of("commit LARGE");
        row("single-leaf commits/s, one thread, 10 000 leaves", "%,.0f", 1e9 / small, "≥ 500 000", small <= 2000);
        row("the same at 1 000 000 leaves", "%,.0f", 1e9 / large, "", true);
        row("… times slower", "%.2f", large / small, "≤ 2.5", large <= 2.5 * small);
        row("get of a leaf at depth 5, 10 000 leaves, ns", "%.0f", of("get SMALL"), "≤ 200", of("get SMALL") <= 200);
        row("the same at 1 000 000 leaves, ns", "%.0f", of("get LARGE"), "≤ 200", of("get LARGE") <= 200);
        row("snapshot, 10 000 leaves, ns", "%.0f", of("snapshot SMALL"), "", true);
        row("… times slower at 1 000 000", "%.2f", ratio("snapshot"), "O(1): ≤ 1.5", ratio("snapshot") <= 1.5);
        row("diff of ten changes, 10 000 leaves, µs", "%.1f", of("diffOfTen SMALL") / 1000, "", true);
        row("… times slower at 1 000 000", "%.2f", ratio("diffOfTen"), "O(changes): ≤ 5", ratio("diffOfTen") <= 5);
        double idle = of("idlecommit SMALL") / small;
        row("a commit beside 10 000 idle watchers, times one without", "%.2f", idle, "≤ 1.1", idle <= 1.1);
        double fan = of("fanOut SMALL") / 1e6;
        row("one commit until each of 1000 watchers has it, ms", "%.2f", fan, "≤ 5", fan <= 5);
        for (int members : new int[] {10, 100}) {
            double bytes = TreeMemory.bytes(members, at -> at % members);
            row(
                    "bytes a leaf beyond its text, 1 000 000 leaves, %d to an object".formatted(members),
                    "%.0f",
                    bytes,
                    "≤ 100",
                    bytes <= 100);
            double unique = TreeMemory.bytes(members, at -> at);
            row("the same, every leaf with a name of its own", "%.0f", unique, "≤ 100", unique <= 100);
        }
        double versions = TreeMemory.versions();
        row("1000 kept versions of 100 000 leaves, % more than one", "%.0f", versions, "≤ 25", versions <= 25);
        System.out.println("\n" + table);
    }

    private static ChainedOptionsBuilder options(String names) {
        return new OptionsBuilder()
                .include(StoreBench.class.getName().replace(".", "\\.") + "\\.(" + names + ")$")
                .jvmArgs("-Xms2g", "-Xmx2g", "-Xmn256m", "-XX:+UseSerialGC", "-XX:+UseTransparentHugePages");
    }

    private void take(String prefix, Collection<RunResult> results) {
        for (var result : results) {
            var which = result.getPrimaryResult();
            nanos.put(prefix + which.getLabel() + " " + result.getParams().getParam("shape"), which.getScore());
        }
    }

    private double of(String name) {
        return nanos.getOrDefault(name, Double.NaN);
    }

    private double ratio(String name) {
        return of(name + " LARGE") / of(name + " SMALL");
    }

    private void row(String what, String format, double figure, String aim, boolean met) {
        table.append("| %s | %s | %s | %s |%n"
                .formatted(
                        what,
                        String.format(Locale.ROOT, format, figure),
                        aim,
                        aim.isEmpty() ? "" : met ? "met" : "**missed**"));
    }
}
