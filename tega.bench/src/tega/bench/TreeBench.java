package tega.bench;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/**
 * What the tree costs: reading and changing single leaves anywhere in a small tree, in one a hundred times as large and in one
 * wide object, comparing two versions, and the memory of leaves and of versions.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TreeBench {
    private static final int PATHS = 1 << 16;

    /** Which tree. */
    @Param
    public Shape shape = Shape.SMALL;

    private final Path[] paths = new Path[PATHS];
    private Tree tree = Tree.EMPTY;
    private Tree changed = Tree.EMPTY;
    private Tree growing = Tree.EMPTY;
    private int next;
    private long revision = 1;

    /** A tree, a version of it with ten changes, and where to look. */
    @Setup
    public void build() {
        Random random = new Random(1);
        tree = shape.tree();
        changed = tree;
        growing = tree;
        for (int i = 0; i < PATHS; i++) {
            paths[i] = shape.leaf(random.nextInt(shape.leaves()));
        }
        for (int i = 0; i < 10; i++) {
            changed = changed.put(paths[i], Value.of("changed"), 2);
        }
    }

    private Path path() {
        next = (next + 1) % PATHS;
        return paths[next];
    }

    /** A leaf's value. */
    @Benchmark
    public @Nullable Value get() {
        return tree.get(path());
    }

    /** A leaf's revision. */
    @Benchmark
    public long stamp() {
        return tree.stamp(path());
    }

    /** A new version with one leaf changed. */
    @Benchmark
    public Tree put() {
        growing = growing.put(path(), Value.of(revision), ++revision);
        return growing;
    }

    /** The ten edits between two versions. */
    @Benchmark
    public List<Edit> diffOfTen() {
        return tree.diff(changed, Path.EMPTY);
    }

    static void run() throws RunnerException {
        System.out.println(TreeMemory.table());
        var options = new OptionsBuilder()
                .include(TreeBench.class.getName() + "\\.")
                .jvmArgs("-Xmx2g", "-XX:+UseSerialGC")
                .build();
        var table = new StringBuilder("| ns | ");
        for (Shape each : Shape.values()) {
            table.append(each.title()).append(" | ");
        }
        table.append("\n|---|").append("---|".repeat(Shape.values().length));
        String row = "";
        var results = new java.util.TreeMap<String, java.util.EnumMap<Shape, Double>>();
        for (var result : new Runner(options).run()) {
            var which = result.getPrimaryResult();
            results.computeIfAbsent(which.getLabel(), label -> new java.util.EnumMap<>(Shape.class))
                    .put(Shape.valueOf(result.getParams().getParam("shape")), which.getScore());
        }
        for (var each : results.entrySet()) {
            row = "\n| " + each.getKey() + " |";
            for (double score : each.getValue().values()) {
                row += " %.0f |".formatted(score);
            }
            table.append(row);
        }
        System.out.println("\n" + table);
    }
}
