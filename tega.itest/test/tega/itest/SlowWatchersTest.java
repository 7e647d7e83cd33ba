package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand watchers of which a hundred never read: those cost their bound and no more, and nobody else anything. Writes come at a
 * pace that the readers, on the same machine, can follow; who cannot follow is slow by right.
 */
@Timeout(300)
class SlowWatchersTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");
    private static final int READERS = NIGHTLY ? 900 : 270;
    private static final int DEAF = NIGHTLY ? 100 : 30;
    private static final int A_SECOND = Integer.getInteger("tega.writes", 20);
    private static final int WRITES = A_SECOND * (NIGHTLY ? 60 : 6);
    private static final int BOUND = 64 << 10;
    private static final int SIZE = 2000;
    /** Only those who do not read are sent as much, for the kernel takes megabytes for them (net.ipv4.tcp_wmem). */
    private static final int NOISE = 60_000;

    private static final int SLOW = 1013;
    private static final int CUT = 1006;

    @TempDir
    private Path data;

    @Test
    void thoseWhoDoNotReadAreSentAwayAndTheOthersMissNothing() throws Exception {
        List<RawClient> deaf = new ArrayList<>();
        try (var rig = Rig.boot(data, "--limit", "outbound=64k,stall=2s");
                var crowd = new Crowd("\"busy.last\"")) {
            var alone = write(rig, "/busy/alone");
            crowd.connect(rig.address(), READERS, "busy");
            crowd.start();
            assertThat(crowd.await(Rig.DEADLINE, Crowd.Member::isSubscribed)).isEmpty();
            for (var i = 0; i < DEAF; i++) {
                deaf.add(RawClient.narrow(rig.address()).subscribed("deaf" + i, "busy", "noise"));
            }
            var before = rig.status("VmRSS");
            var watched = write(rig, "/busy/leaf");
            put(rig, "/busy/last", "1");
            var after = rig.status("VmRSS");

            assertThat(crowd.await(Rig.DEADLINE)).as("who has not heard all").isEmpty();
            assertThat(crowd.members()).allSatisfy(member -> assertThat(member.notifications())
                    .as(member.toString())
                    .isEqualTo(WRITES + 1));
            assertThat(figure(rig, "slow")).as("clients sent away as SLOW").isEqualTo(DEAF);
            for (var client : deaf) {
                // Who begins to read too late finds the connection cut in the middle of a message.
                assertThat(closeCode(client)).isIn(SLOW, CUT);
            }
            // What waits for those who do not read, with the copies on the way to the socket, and the heap's slack.
            assertThat(after).as("kB resident").isLessThan(before + DEAF * 2L * BOUND / 1024 + (64 << 10));
            System.out.printf(
                    "%d readers, %d that do not read, %d writes a second: a write takes %d µs (p50) with nobody watching,"
                            + " %d µs so; %+d kB resident%n",
                    READERS, DEAF, A_SECOND, alone, watched, after - before);
        } finally {
            for (var client : deaf) {
                client.close();
            }
        }
    }

    private static void put(Rig rig, String path, String json) {
        assertThat(rig.put(path + "?tega_id=writer", json).statusCode()).isEqualTo(200);
    }

    /** Writes at the pace; the median of what a write took, in microseconds. */
    private static long write(Rig rig, String path) throws InterruptedException {
        var value = "\"" + "x".repeat(SIZE) + "\"";
        var noise = "\"" + "x".repeat(NOISE) + "\"";
        var took = new long[WRITES];
        var begin = System.nanoTime();
        for (var i = 0; i < WRITES; i++) {
            var due = begin + i * Duration.ofSeconds(1).toNanos() / A_SECOND;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime()); // the pace
            var since = System.nanoTime();
            put(rig, path, value);
            took[i] = (System.nanoTime() - since) / 1000;
            put(rig, "/noise/leaf", noise);
        }
        Arrays.sort(took);
        return took[took.length / 2];
    }

    /** Reads now what it has not read, up to how it was closed. */
    private static int closeCode(RawClient client) {
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

    private static long figure(Rig rig, String name) {
        return Long.parseLong(rig.get("/_health?figures=1").body().replaceAll("(?s).*\"" + name + "\":(\\d+).*", "$1"));
    }
}
