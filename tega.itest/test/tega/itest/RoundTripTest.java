package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Value;
import tega.json.Json;

/** Any JSON value that is put by REST is the same wherever it is read. */
@Timeout(180)
class RoundTripTest {
    private static final int MANY = Boolean.getBoolean("tega.nightly") ? 5000 : 300;
    private static final long SEED = Long.getLong("tega.seed", 11);
    /** What others have stumbled over. */
    private static final List<String> TRICKY = List.of(
            "null",
            "false",
            "0",
            "-0",
            "-0.0",
            "1e400",
            "1E-7",
            "0.1",
            "1.0",
            "9007199254740993",
            "123456789012345678901234567890.123456789",
            "\"\"",
            "\"\\u0000\\u001f\\u007f\\u2028\\ud83d\\ude00\"",
            "\"NaN\"",
            "\"%Owner.call%\"",
            "\"yes: no # {a}\"",
            "[]",
            "[[],{},null]",
            "{}",
            "{\"\":{\"\":0}}",
            "{\"_x\":1,\"items\":2,\"a.b\":3,\"a/b\":4,\"%2F\":5,\"*\":6,\"\\\"\":7,\"\\u00e9\\ud83d\\ude00\":8}",
            "{\"a\":{\"b\":{\"c\":[{\"d\":[1,[2,[3]]]}]}}}");

    private final Json json = new Json();
    private final Random random = new Random(SEED);

    @TempDir
    private Path folder;

    @Test
    void whatIsPutIsReadEverywhere() throws Exception {
        var plugins = Guest.folder(folder.resolve("plugins")).toString();
        var data = folder.resolve("data");
        List<Value> values = new ArrayList<>();
        try (var rig = Rig.boot(data, "-e", plugins, "-Dtega.deploy.tree=false")) {
            try (var v1 = new RawClient(rig.address()).subscribed("old", "v");
                    var v2 = new RawClient(rig.address()).upgrade("tega.v2")) {
                v2.send("{\"op\":\"session\",\"id\":0,\"tega_id\":\"new\"}");
                assertThat(v2.next().text()).contains("\"op\":\"session\"");
                v2.send("{\"op\":\"watch\",\"id\":1,\"path\":[\"v\"]}");
                assertThat(v2.next().text()).contains("\"op\":\"watching\"");
                for (var i = 0; i < MANY; i++) {
                    var text = i < TRICKY.size() ? TRICKY.get(i) : text(4);
                    var value = json.readJson(text.getBytes(StandardCharsets.UTF_8));
                    values.add(value);
                    var about = "seed " + SEED + ", value " + i + ": " + text;
                    assertThat(rig.put("/v/n" + i + "?tega_id=writer", text).statusCode())
                            .as(about)
                            .isEqualTo(200);
                    assertThat(read(rig.get("/v/n" + i).body()))
                            .as("REST, %s", about)
                            .isEqualTo(value);
                    var notified = v1.next().text();
                    assertThat(edit(read(notified.substring(notified.indexOf('\n') + 1)), "instance"))
                            .as("v1, %s", about)
                            .isEqualTo(value);
                    var change = (ObjectValue) read(v2.next().text());
                    assertThat(edit(change.get("edits"), "value"))
                            .as("v2, %s", about)
                            .isEqualTo(value);
                    var called = rig.post("/_rpc?path=local.read", "{\"args\":[\"v.n" + i + "\"]}")
                            .body();
                    assertThat(((ObjectValue) read(called)).get("result"))
                            .as("plugin, %s", about)
                            .isEqualTo(Value.array(value));
                }
            }
            check(values, read(shell(rig)), "shell");
            rig.kill();
        }
        try (var rig = Rig.boot(data)) {
            check(values, read(rig.get("/v").body()), "after the restart");
        }
    }

    private Value read(String text) {
        return json.readJson(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Value edit(Value edits, String name) {
        return ((ObjectValue) ((ArrayValue) edits).iterator().next()).get(name);
    }

    private static void check(List<Value> values, Value all, String where) {
        for (var i = 0; i < values.size(); i++) {
            assertThat(((ObjectValue) all).get("n" + i))
                    .as("%s, seed %d, value %d", where, SEED, i)
                    .isEqualTo(values.get(i));
        }
    }

    private static String shell(Rig rig) throws Exception {
        var builder = new ProcessBuilder(
                Installation.home().resolve("bin/tega").toString(),
                "cli",
                "-a",
                rig.address().toString(),
                "-o",
                "json",
                "-c",
                "get v");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private String text(int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> String.valueOf(random.nextBoolean());
            case 1 -> String.valueOf(random.nextLong() >> random.nextInt(64));
            case 2 -> String.valueOf(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
            case 3 -> "null";
            case 4 -> string();
            case 5 -> {
                var items = new ArrayList<String>();
                for (var i = random.nextInt(4); i > 0; i--) {
                    items.add(text(depth - 1));
                }
                yield "[" + String.join(",", items) + "]";
            }
            default -> {
                var members = new ArrayList<String>();
                for (var i = random.nextInt(4); i > 0; i--) {
                    members.add("\"" + i + string().substring(1) + ":" + text(depth - 1));
                }
                yield "{" + String.join(",", members) + "}";
            }
        };
    }

    private String string() {
        var text = new StringBuilder("\"");
        for (var i = random.nextInt(12); i > 0; i--) {
            var c = Character.toChars(random.nextInt(4) == 0 ? random.nextInt(0xd800) : 32 + random.nextInt(95));
            for (var unit : c) {
                text.append(String.format("\\u%04x", (int) unit));
            }
        }
        return text.append('"').toString();
    }
}
