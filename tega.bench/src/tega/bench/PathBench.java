package tega.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tega.api.Path;

/** What a path costs before any tree is touched. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PathBench {
    /** Read by each call, so that none is a constant. */
    @SuppressWarnings("FieldMayBeFinal")
    private String plain = "graph.subnets.office.hosts";

    @SuppressWarnings("FieldMayBeFinal")
    private String quoted = "graph.subnets.\"172.21.1.0/24\".hosts";

    /** The common case. */
    @Benchmark
    public Path parsePlain() {
        return Path.parse(plain);
    }

    /** A name with dots. */
    @Benchmark
    public Path parseQuoted() {
        return Path.parse(quoted);
    }
}
