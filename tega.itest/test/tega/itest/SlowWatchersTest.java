package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watchers that never read cost their bound and no more, and nobody else anything. */
@Timeout(300)
class SlowWatchersTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");
    private static final int READERS = NIGHTLY ? 900 : 180;
    private static final int DEAF = NIGHTLY ? 100 : 20;
    private static final Duration WRITING = Duration.ofSeconds(NIGHTLY ? 60 : 8);
    private static final int SLOW = 1013;
    private static final int CUT = -1;
    private static final int BOUND = 64 << 10;

    @TempDir
    private Path data;

    @Test
    void thoseWhoDoNotReadAreSentAwayAndTheOthersMissNothing() throws Exception {
        try (var rig = Rig.boot(data, "--limit", "outbound=64k,stall=2s")) {
            var pool = Executors.newFixedThreadPool(READERS);
            List<RawClient> deaf = new ArrayList<>();
            try {
                List<Future<Integer>> readers = new ArrayList<>();
                for (var i = 0; i < READERS; i++) {
                    var reader = new RawClient(rig.address()).subscribed("reader" + i, "busy");
                    readers.add(pool.submit(reading(reader)));
                }
                for (var i = 0; i < DEAF; i++) {
                    deaf.add(RawClient.narrow(rig.address()).subscribed("deaf" + i, "busy"));
                }
                var before = rig.status("VmRSS");
                var written = write(rig);
                // What waits for those who do not read, with the copies on the way to the socket, and the heap's slack.
                assertThat(rig.status("VmRSS")).as("kB resident").isLessThan(before + DEAF * 8L * BOUND / 1024 + (64 << 10));
                for (var reader : readers) {
                    assertThat(reader.get(60, TimeUnit.SECONDS)).as("notifications").isEqualTo(written);
                }
                for (var client : deaf) {
                    assertThat(ending(client)).isIn(SLOW, CUT);
                }
                assertThat(rig.get("/_ids").body()).doesNotContain("deaf");
            } finally {
                pool.shutdownNow();
                for (var client : deaf) {
                    client.close();
                }
            }
        }
    }

    /** Counts the notifications up to the last. */
    private static Callable<Integer> reading(RawClient client) {
        return () -> {
            try (client) {
                for (var count = 0; ; count++) {
                    if (client.next().text().contains("busy.last")) {
                        return count;
                    }
                }
            }
        };
    }

    private static int write(Rig rig) {
        var value = "\"" + "x".repeat(2000) + "\"";
        var end = System.nanoTime() + WRITING.toNanos();
        var written = 0;
        while (System.nanoTime() < end || written * 2000 < 40 * BOUND) {
            assertThat(rig.put("/busy/leaf?tega_id=writer", value).statusCode()).isEqualTo(200);
            written++;
        }
        assertThat(rig.put("/busy/last?tega_id=writer", "1").statusCode()).isEqualTo(200);
        return written;
    }

    /** The code with which it was closed, where that still got through to it. */
    private static int ending(RawClient client) {
        try {
            while (true) {
                var frame = client.next();
                if (frame.opcode() == RawClient.CLOSE) {
                    return frame.closeCode();
                }
            }
        } catch (IOException e) {
            return CUT;
        }
    }
}
