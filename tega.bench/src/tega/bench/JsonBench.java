package tega.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;
import tega.json.Commits;
import tega.json.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The text of 10 000 small objects (1.2 MB) and the line of a commit of one leaf; what reads JSON beside a library. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonBench {
    private static final int OBJECTS = 10_000;

    private final Json json = new Json();
    private final Commits commits = new Commits();
    private final JsonFactory jackson = new JsonFactory();
    private final Value document = document();
    private final byte[] text = json.toJson(document);
    private final Commit commit = new Commit(
            123456,
            Instant.ofEpochMilli(1767225600123L),
            new Identity("alice", "cli"),
            "s1",
            CommitKind.EDIT,
            null,
            0,
            List.of(Edit.put(Path.of("graph", "subnets", "10.0.0.1", "x"), Value.of(17))),
            List.of(),
            null,
            Map.of());
    private final byte[] line = commits.encode(commit);

    /** Bytes a second beside calls a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {
        /** Counted by each call. */
        public double megabytes;
    }

    private static Value document() {
        var members = ObjectValue.builder();
        for (var i = 0; i < OBJECTS; i++) {
            var member = ObjectValue.builder()
                    .put("name", Value.of("subnet " + i))
                    .put("mtu", Value.of(1500))
                    .put("enabled", Value.of(true))
                    .put("weight", NumberValue.parse("1.5"))
                    .put("hosts", Value.array(Value.of("a" + i), Value.of("b" + i)))
                    .put("note", i % 10 == 0 ? Value.of("größe \"x\"\n") : Value.NULL);
            members.put("10." + (i >> 8) + "." + (i & 0xff) + ".0/24", member.build());
        }
        return members.build();
    }

    /** The body of a large PUT. */
    @Benchmark
    public Value read(Volume volume) {
        volume.megabytes += text.length / 1e6;
        return json.readJson(text);
    }

    /** The same into the same values by jackson-core. */
    @Benchmark
    public Value readByJackson(Volume volume) {
        volume.megabytes += text.length / 1e6;
        try (var parser = jackson.createParser(ObjectReadContext.empty(), text)) {
            return value(parser, parser.nextToken());
        }
    }

    private static Value value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                var members = ObjectValue.builder();
                for (var name = parser.nextName(); name != null; name = parser.nextName()) {
                    members.add(name, value(parser, parser.nextToken()));
                }
                yield members.build();
            }
            case START_ARRAY -> {
                var items = new ArrayList<Value>();
                for (var next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(value(parser, next));
                }
                yield Value.array(items);
            }
            case VALUE_STRING -> Value.of(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> NumberValue.parse(parser.getString());
            case VALUE_TRUE -> Value.of(true);
            case VALUE_FALSE -> Value.of(false);
            default -> Value.NULL;
        };
    }

    /** The answer of a large GET. */
    @Benchmark
    public void write(Volume volume) throws IOException {
        volume.megabytes += text.length / 1e6;
        json.writeJson(document, OutputStream.nullOutputStream());
    }

    /** A commit on its way to the log. */
    @Benchmark
    public byte[] encode() {
        return commits.encode(commit);
    }

    /** A commit on its way from the log. */
    @Benchmark
    public Commit decode() {
        return commits.decode(line, 0, line.length);
    }
}
