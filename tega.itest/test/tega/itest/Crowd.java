package tega.itest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many WebSockets that read whatever comes, on one thread: each counts its messages, and keeps how it was closed. */
final class Crowd implements AutoCloseable {
    private static final int HEAD = 4;
    private static final int TEXT = 1;

    /** One of them. */
    static final class Member {
        private final String name;
        private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
        private boolean upgraded;
        private int acknowledged;
        private final AtomicInteger notifications = new AtomicInteger();
        private volatile boolean sawLast;
        private volatile int closeCode;
        private volatile boolean ended;

        Member(String name) {
            this.name = name;
        }

        int notifications() {
            return notifications.get();
        }

        /** How it was closed; 0 while it is open, 1006 when without a word. */
        int closeCode() {
            return closeCode;
        }

        boolean isSubscribed() {
            return acknowledged == 2;
        }

        @Override
        public String toString() {
            return name + ": " + notifications.get() + " messages"
                    + (closeCode == 0 ? "" : ", closed with " + closeCode);
        }

        /** Takes apart what has come. */
        private void take(byte[] bytes, int count, String last) {
            unread.write(bytes, 0, count);
            var all = unread.toByteArray();
            var at = 0;
            if (!upgraded) {
                at = endOfHead(all);
                upgraded = at > 0;
            }
            while (upgraded) {
                var next = frame(all, at, last);
                if (next < 0) {
                    break;
                }
                at = next;
            }
            unread.reset();
            unread.write(all, at, all.length - at);
        }

        private static int endOfHead(byte[] all) {
            for (var i = 0; i + HEAD <= all.length; i++) {
                if (all[i] == '\r' && all[i + 1] == '\n' && all[i + 2] == '\r' && all[i + 3] == '\n') {
                    return i + HEAD;
                }
            }
            return 0;
        }

        /** One frame that begins at {@code at}; where the next begins, or -1 when it is not all there. */
        private int frame(byte[] all, int at, String last) {
            if (all.length < at + 2) {
                return -1;
            }
            var length = all[at + 1] & 0x7f;
            var begin = at + 2;
            if (length == 126) {
                if (all.length < at + HEAD) {
                    return -1;
                }
                length = ((all[at + 2] & 0xff) << 8) | (all[at + 3] & 0xff);
                begin = at + HEAD;
            } else if (length == 127) {
                throw new IllegalStateException("no message is so long here");
            }
            if (all.length < begin + length) {
                return -1;
            }
            var opcode = all[at] & 0xf;
            if (opcode == RawClient.CLOSE) {
                closeCode = length < 2 ? 1005 : ((all[begin] & 0xff) << 8) | (all[begin + 1] & 0xff);
            } else if (opcode == TEXT) {
                text(new String(all, begin, Math.min(length, 200), StandardCharsets.UTF_8), last);
            }
            return begin + length;
        }

        private void text(String begin, String last) {
            if (!begin.startsWith("NOTIFY")) {
                acknowledged++;
                return;
            }
            notifications.incrementAndGet();
            sawLast |= begin.contains(last);
        }
    }

    private final Selector selector;
    private final List<Member> members = new ArrayList<>();
    private final String last;
    private final Thread thread;
    private volatile boolean closed;

    /** The last message that each waits for contains {@code last}. */
    Crowd(String last) throws IOException {
        this.last = last;
        selector = Selector.open();
        thread = new Thread(this::read, "crowd");
        thread.setDaemon(true);
    }

    /** Connects so many, subscribed to {@code path}; they read from the moment when {@link #start} is called. */
    void connect(URI server, int count, String path) throws IOException {
        for (var i = 0; i < count; i++) {
            var channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            var member = new Member("reader" + i);
            members.add(member);
            var out = new ByteArrayOutputStream();
            out.writeBytes(("GET /_pubsub HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort()
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            // What comes with the request waits until the WebSocket is there.
            for (var text :
                    List.of("SESSION " + member.name + " local", "SUBSCRIBE " + path + " local", "UNSUBSCRIBE x")) {
                out.writeBytes(RawClient.frame(RawClient.TEXT, text.getBytes(StandardCharsets.US_ASCII)));
            }
            channel.write(ByteBuffer.wrap(out.toByteArray()));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, member);
        }
    }

    void start() {
        thread.start();
    }

    private void read() {
        var bytes = new byte[64 << 10];
        try {
            while (!closed) {
                selector.select();
                for (var key : selector.selectedKeys()) {
                    read(key, bytes);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(SelectionKey key, byte[] bytes) throws IOException {
        var member = (Member) key.attachment();
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            count = -1;
        }
        if (count >= 0) {
            member.take(bytes, count, last);
            return;
        }
        if (member.closeCode == 0) {
            member.closeCode = 1006;
        }
        member.ended = true;
        key.cancel();
        key.channel().close();
    }

    List<Member> members() {
        return members;
    }

    /** Waits until each has heard the last message, or was closed; who has not is told of. */
    List<Member> await(Duration time) throws InterruptedException {
        return await(time, member -> member.sawLast || member.ended);
    }

    List<Member> await(Duration time, java.util.function.Predicate<Member> condition) throws InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        while (true) {
            var missing = members.stream().filter(condition.negate()).toList();
            if (missing.isEmpty() || System.nanoTime() > end) {
                return missing;
            }
            TimeUnit.MILLISECONDS.sleep(50); // between two looks
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
