package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that mean no good, and the packed server with short time-outs. */
@Timeout(180)
class WireAbuseTest {
    private static final int MANY = 1000;
    private static final int FRAMES = Boolean.getBoolean("tega.nightly") ? 20_000 : 600;
    private static final long SEED = Long.getLong("tega.seed", 5);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path data;

    private Rig boot() {
        return Rig.boot(data, "--limit", "idle=3s,arrival=2s,stall=2s,frame=64k,body=64k,connections=3000");
    }

    /** Garbage, half requests, half handshakes, and nothing at all: they are cut off, others are served, memory stays. */
    @Test
    void aThousandConnectionsOfNoUseAreCutOff() throws Exception {
        try (var rig = boot()) {
            var random = new Random(SEED);
            herd(rig, random); // grows what grows once: threads, buffers
            var before = rig.status("VmRSS");
            herd(rig, random);
            herd(rig, random);
            assertThat(rig.status("VmRSS")).as("kB resident").isLessThan(before + (32 << 10));
            assertThat(connections(rig)).isLessThan(5);
        }
    }

    private static void herd(Rig rig, Random random) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (var i = 0; i < MANY; i++) {
            var client = new RawClient(rig.address());
            clients.add(client);
            client.write(nuisance(i, random));
        }
        assertThat(rig.put("/served/meanwhile", "1").statusCode()).isEqualTo(200);
        for (var i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).endsWithin(SOON))
                    .as("connection %d is ended", i)
                    .isTrue();
            clients.get(i).close();
        }
        assertThat(rig.get("/served/meanwhile").body()).isEqualTo("1");
    }

    private static byte[] nuisance(int kind, Random random) {
        return switch (kind % 8) {
            case 0 -> bytes(random, 1 + random.nextInt(400));
            case 1 -> new byte[0];
            case 2 -> ascii("GET /a HTTP/1.1\r\nHost: x\r\nX-Half: ");
            case 3 -> ascii("PUT /a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"half\":");
            case 4 -> ascii("PUT /a/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\nx");
            case 5 -> ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            case 6 -> {
                var tls = bytes(random, 200);
                tls[0] = 0x16; // looks like the begin of a TLS handshake
                tls[1] = 3;
                yield tls;
            }
            default -> ascii("GET /_pubsub HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(Random random, int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static long connections(Rig rig) {
        var end = System.nanoTime() + SOON.toNanos();
        long now;
        do {
            var health = rig.get("/_health?figures=1").body();
            now = Long.parseLong(health.replaceAll("(?s).*\"connections\":(\\d+).*", "$1"));
        } while (now >= 5 && System.nanoTime() < end);
        return now;
    }

    /** Frames that no client should send: each connection is answered or closed by the rules, and nobody else notices. */
    @Test
    void framesThatAreWrongHarmNobodyElse() throws Exception {
        try (var rig = boot();
                var witness = new RawClient(rig.address()).subscribed("witness", "seen")) {
            var random = new Random(SEED);
            for (var i = 0; i < FRAMES; i++) {
                try (var client = new RawClient(rig.address()).upgrade()) {
                    if (random.nextBoolean()) {
                        client.send("SESSION fuzz" + i + " local");
                    }
                    client.write(wrong(random));
                    client.write(RawClient.frame(0x88, new byte[] {3, (byte) 0xe8}));
                } catch (IOException e) {
                    continue; // cut off while writing, which is as good
                }
                if (i % 100 == 0) {
                    assertThat(rig.put("/seen/n" + i + "?tega_id=writer", "1").statusCode())
                            .isEqualTo(200);
                    assertThat(witness.next().text())
                            .as("seed %d, frame %d", SEED, i)
                            .contains("seen.n" + i);
                }
            }
            assertThat(rig.get("/_health").statusCode()).isEqualTo(200);
        }
    }

    private static byte[] wrong(Random random) {
        var payload = bytes(random, random.nextInt(200));
        var frame = RawClient.frame(RawClient.TEXT, payload);
        switch (random.nextInt(9)) {
            case 0 -> frame = bytes(random, 2 + random.nextInt(300)); // no frame at all
            case 1 -> frame = Arrays.copyOf(frame, 1 + random.nextInt(frame.length)); // half of one
            case 2 -> frame[1] &= 0x7f; // not masked
            case 3 ->
                frame = new byte[] {(byte) 0x81, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0}; // endless
            case 4 -> frame[0] = 0x09; // a ping in fragments
            case 5 -> frame = RawClient.frame(0x89, new byte[126]); // a ping that is too long
            case 6 -> frame[0] = (byte) 0x80; // goes on with what never began
            case 7 -> frame[0] = (byte) (0x81 | (random.nextInt(8) << 4)); // reserved bits
            default -> {
                var out = new ByteArrayOutputStream();
                for (var i = 0; i < 20; i++) { // commands that nearly are some
                    out.writeBytes(RawClient.frame(RawClient.TEXT, command(random)));
                }
                frame = out.toByteArray();
            }
        }
        return frame;
    }

    private static byte[] command(Random random) {
        var words = List.of(
                "SESSION",
                "SUBSCRIBE",
                "UNSUBSCRIBE",
                "PUBLISH",
                "REQUEST",
                "RESPONSE",
                "RPC",
                "SYNC",
                "REFER",
                "local",
                "global",
                "True",
                "a.b",
                "\\.",
                "-1",
                "99999999999999999999",
                "None",
                "\n{",
                "\n{\"message\":1}",
                "\n[]",
                "");
        var text = new StringBuilder();
        for (var i = random.nextInt(7); i >= 0; i--) {
            text.append(words.get(random.nextInt(words.size()))).append(random.nextInt(9) == 0 ? "  " : " ");
        }
        return text.toString().strip().getBytes(StandardCharsets.UTF_8);
    }

    /** What the rules of WebSocket (RFC 6455) and of v1 say, code by code. */
    @Test
    void wrongFramesAreClosedByTheirCode() throws Exception {
        try (var rig = boot()) {
            assertThat(code(rig, RawClient.frame(RawClient.TEXT, new byte[] {(byte) 0xff, (byte) 0xfe})))
                    .isEqualTo(1007);
            assertThat(code(rig, RawClient.frame(0x89, new byte[126]))).isEqualTo(1002);
            assertThat(code(rig, new byte[] {(byte) 0x81, 1, 'x'})).isEqualTo(1002);
            assertThat(code(rig, RawClient.frame(0x82, new byte[3]))).isIn(1003, 1007);
            assertThat(code(rig, RawClient.frame(RawClient.TEXT, new byte[70_000])))
                    .isEqualTo(1009);
            var three = new ByteArrayOutputStream();
            for (var i = 0; i < 3; i++) {
                three.writeBytes(RawClient.frame(RawClient.TEXT, ascii("NONSENSE")));
            }
            assertThat(code(rig, three.toByteArray())).isEqualTo(1008);
        }
    }

    private static int code(Rig rig, byte[] bytes) throws IOException {
        try (var client = new RawClient(rig.address()).upgrade()) {
            client.write(bytes);
            while (true) {
                var frame = client.next();
                if (frame.opcode() == RawClient.CLOSE) {
                    return frame.closeCode();
                }
            }
        } catch (EOFException e) {
            return -1;
        }
    }
}
