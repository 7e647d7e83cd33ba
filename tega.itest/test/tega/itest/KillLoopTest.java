package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Acknowledged is durable, and a commit is whole or not there: 32 writers count up, each in two roots at once, while the server is
 * killed again and again. After each restart every writer's number is at least the last one acknowledged, at most the last one
 * sent, and the same in both roots.
 */
class KillLoopTest {
    private static final int WRITERS = 32;
    private static final int KILLS = Boolean.getBoolean("tega.nightly") ? 200 : 20;
    private static final long SEED = Long.getLong("tega.seed", 20_140_920L);

    private final AtomicLongArray sent = new AtomicLongArray(WRITERS);
    private final AtomicLongArray acknowledged = new AtomicLongArray(WRITERS);
    private final AtomicLong refusals = new AtomicLong();

    @Test
    void nothingAcknowledgedIsLostAndNothingIsPartial(@TempDir Path data) throws InterruptedException {
        var random = new Random(SEED);
        for (var kill = 0; kill < KILLS; kill++) {
            try (var rig = Rig.boot(data)) {
                check(rig, "before kill " + kill + " of seed " + SEED);
                var begun = new CountDownLatch(WRITERS * 3);
                var writers = startWriters(rig.address(), begun);
                begun.await();
                Thread.sleep(random.nextInt(300));
                rig.kill();
                for (var writer : writers) {
                    writer.join();
                }
            }
        }
        try (var rig = Rig.boot(data)) {
            check(rig, "after the last kill of seed " + SEED);
        }
        var total = 0L;
        for (var writer = 0; writer < WRITERS; writer++) {
            total += acknowledged.get(writer);
        }
        System.out.println("killed " + KILLS + " times among " + total + " acknowledged commits");
        assertThat(total).isGreaterThan((long) KILLS * WRITERS);
        assertThat(refusals).as("commits refused while the server lived").hasValue(0);
    }

    private List<Thread> startWriters(URI server, CountDownLatch begun) {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var writers = new ArrayList<Thread>();
        for (var writer = 0; writer < WRITERS; writer++) {
            var number = writer;
            var thread = new Thread(() -> countUp(http, server, number, begun), "writer " + number);
            thread.start();
            writers.add(thread);
        }
        return writers;
    }

    /** Writes until the server is gone. */
    private void countUp(HttpClient http, URI server, int writer, CountDownLatch begun) {
        while (true) {
            var next = sent.incrementAndGet(writer);
            var body = "{\"ops\":[{\"op\":\"put\",\"path\":[\"a\",\"w" + writer + "\"],\"value\":" + next
                    + "},{\"op\":\"put\",\"path\":[\"b\",\"w" + writer + "\"],\"value\":" + next + "}]}";
            var request = HttpRequest.newBuilder(server.resolve("/_tx"))
                    .timeout(Duration.ofSeconds(30))
                    .POST(BodyPublishers.ofString(body))
                    .build();
            try {
                if (http.send(request, BodyHandlers.ofString()).statusCode() == 200) {
                    acknowledged.set(writer, next);
                } else {
                    refusals.incrementAndGet();
                }
                begun.countDown();
            } catch (IOException e) {
                while (begun.getCount() > 0) {
                    begun.countDown();
                }
                return;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void check(Rig rig, String when) {
        for (var writer = 0; writer < WRITERS; writer++) {
            var a = number(rig, "/a/w" + writer);
            var b = number(rig, "/b/w" + writer);
            assertThat(a).as("the two halves of writer %d %s", writer, when).isEqualTo(b);
            assertThat(a)
                    .as("what writer %d finds %s", writer, when)
                    .isBetween(acknowledged.get(writer), sent.get(writer));
            acknowledged.set(writer, a);
            sent.set(writer, a);
        }
    }

    private static long number(Rig rig, String path) {
        var response = rig.get(path);
        return response.statusCode() == 404 ? 0 : Long.parseLong(response.body());
    }
}
