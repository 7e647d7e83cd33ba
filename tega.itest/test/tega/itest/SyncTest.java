package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A global and two local servers, each in a process of its own, as they are packed. */
class SyncTest {
    @TempDir
    private Path folder;

    private Rig local(String id, int port) {
        return Rig.boot(
                folder.resolve(id),
                "-t",
                id,
                "-H",
                "127.0.0.1",
                "-P",
                Integer.toString(port),
                "-C",
                "cfg",
                "-O",
                "oper-" + id);
    }

    private static void await(String value, Supplier<String> read) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        var last = read.get();
        while (!last.equals(value)) {
            assertThat(System.nanoTime())
                    .as("it is %s and should be %s", last, value)
                    .isLessThan(end);
            LockSupport.parkNanos(20_000_000);
            last = read.get();
        }
    }

    private static void await(Rig rig, String path, String value) {
        await(value, () -> rig.get(path).body());
    }

    @Test
    void writesOutagesAndCallsAcrossThree() {
        var global = Rig.boot(folder.resolve("g"), "-t", "global");
        var port = global.address().getPort();
        try (var one = local("local1", port);
                var two = local("local2", port)) {
            assertThat(global.put("/cfg/a", "1").statusCode()).isEqualTo(200);
            await(one, "/cfg/", "{\"a\":1}");
            await(two, "/cfg/", "{\"a\":1}");
            assertThat(two.put("/cfg/b", "\"\u00e4\"").statusCode()).isEqualTo(200);
            assertThat(global.get("/cfg/b").body()).isEqualTo("\"\u00e4\"");
            assertThat(one.put("/oper-local1/x", "[1]").statusCode()).isEqualTo(200);
            await(global, "/oper-local1/", "{\"x\":[1]}");
            var called = one.post("/_rpc?path=tega.sync.local2.conflicts", "{\"args\":[],\"kwargs\":{}}");
            assertThat(called.body()).isEqualTo("{\"result\":{}}");
            assertThat(one.post("/_rpc?path=no.body", "{\"args\":[],\"kwargs\":{}}")
                            .statusCode())
                    .isEqualTo(404);

            global.kill();
            await("200", () -> Integer.toString(one.put("/cfg/a", "\"one\"").statusCode()));
            assertThat(one.put("/cfg/c", "3").statusCode()).isEqualTo(200);
            assertThat(one.put("/oper-local1/y", "2").statusCode()).isEqualTo(200);
            try (var again = Rig.boot(folder.resolve("g"), "-t", "global", "-p", Integer.toString(port))) {
                again.put("/cfg/a", "\"global\"");
                await(again, "/cfg/c", "3");
                await(again, "/oper-local1/", "{\"x\":[1],\"y\":2}");
                for (var rig : new Rig[] {one, two}) {
                    await(again.get("/cfg/").body(), () -> rig.get("/cfg/").body());
                }
                assertThat(again.get("/_peers").body()).contains("\"local1\":{\"connected\":true");
            }
        } finally {
            global.close();
        }
    }
}
