package tega.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The links of a thousand local servers to one global one: how long until all are there, what each costs, and a commit to all. */
final class LinksBench {
    private static final int LINKS = 1000;
    private static final int HANDS = 16;

    private LinksBench() {}

    static void run(Contender.Live global) throws Exception {
        var before = resident(global.process().pid());
        var links = new ArrayList<Link>();
        var hands = Executors.newFixedThreadPool(HANDS);
        try {
            var began = System.nanoTime();
            var coming = new ArrayList<Callable<Link>>();
            for (var i = 0; i < LINKS; i++) {
                var id = "sim" + i;
                coming.add(() -> new Link(global.port(), id));
            }
            for (var one : hands.invokeAll(coming)) {
                links.add(one.get());
            }
            tell(
                    "1000 links after a restart, all caught up",
                    (System.nanoTime() - began) / 1_000_000 + " ms",
                    "30000 ms");
            var kilobytes = (resident(global.process().pid()) - before) / LINKS;
            tell("resident memory of a link", kilobytes + " KB", "60 KB");
            fanOut(global.port(), links, hands);
        } finally {
            hands.shutdownNow();
            for (var link : links) {
                link.close();
            }
        }
    }

    private static void fanOut(int port, List<Link> links, ExecutorService hands) throws Exception {
        var hearing = new ArrayList<Callable<Long>>();
        for (var part = 0; part < HANDS; part++) {
            var first = part;
            hearing.add(() -> {
                for (var i = first; i < links.size(); i += HANDS) {
                    links.get(i).await("\"commits\"");
                }
                return System.nanoTime();
            });
        }
        var ends = new ArrayList<Future<Long>>();
        hearing.forEach(task -> ends.add(hands.submit(task)));
        var began = System.nanoTime();
        try (var client = new WireClient(port)) {
            client.exchange(WireClient.request("PUT", "/cfg/all", "1"));
        }
        var last = began;
        for (var end : ends) {
            last = Math.max(last, end.get());
        }
        tell("a commit until all 1000 have it", (last - began) / 1_000_000 + " ms", "");
    }

    private static long resident(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS");
    }

    private static void tell(String what, String figure, String aim) {
        System.out.printf("%-48s %12s %s%n", what, figure, aim.isEmpty() ? "" : "  aim " + aim);
    }

    /** As much of a local server as a link has need of. */
    private static final class Link implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Link(int port, String id) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            in = socket.getInputStream();
            socket.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "GET /_pubsub HTTP/1.1",
                                    "Host: localhost",
                                    "Connection: Upgrade",
                                    "Upgrade: websocket",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Protocol: tega.sync",
                                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) read());
            }
            if (!head.substring(9, 12).equals("101")) {
                throw new IOException("no WebSocket: " + head);
            }
            send("{\"op\":\"hello\",\"version\":1,\"server\":\"" + id + "\"}");
            await("\"welcome\"");
            send("{\"op\":\"want\",\"stream\":\"down/" + id
                    + "\",\"roots\":[\"cfg\"],\"revision\":0,\"mark\":\"\",\"empty\":true}");
            await("\"live\"");
        }

        private int read() throws IOException {
            var next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            return next;
        }

        private void send(String text) throws IOException {
            var payload = text.getBytes(StandardCharsets.US_ASCII);
            var frame = new byte[6 + payload.length];
            frame[0] = (byte) 0x81;
            frame[1] = (byte) (0x80 | payload.length);
            System.arraycopy(payload, 0, frame, 6, payload.length);
            socket.getOutputStream().write(frame);
        }

        /** Reads frames until one has {@code word} in it. */
        void await(String word) throws IOException {
            while (true) {
                read();
                long length = read() & 0x7f;
                if (length >= 126) {
                    var bytes = length == 126 ? 2 : 8;
                    length = 0;
                    for (var i = 0; i < bytes; i++) {
                        length = length << 8 | read();
                    }
                }
                if (new String(in.readNBytes((int) length), StandardCharsets.UTF_8).contains(word)) {
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
