package tega.itest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection by which anything may be sent, right or wrong. */
final class RawClient implements AutoCloseable {
    static final int TEXT = 0x81;
    static final int CLOSE = 8;

    private static final int SMALL = 125;
    private static final int MIDDLE = 126;
    private static final int LARGE = 127;
    private static final int MASKED = 0x80;

    /** A frame from the server. */
    record Frame(int opcode, String text, int closeCode) {}

    private final Socket socket;
    private final InputStream in;

    RawClient(URI server) throws IOException {
        this(server, new Socket());
    }

    private RawClient(URI server, Socket unconnected) throws IOException {
        socket = unconnected;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Rig.DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        in = socket.getInputStream();
    }

    /** With room for hardly anything that it does not read. */
    static RawClient narrow(URI server) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        return new RawClient(server, socket);
    }

    /** A WebSocket with the name {@code tegaId}, subscribed to {@code paths}. */
    RawClient subscribed(String tegaId, String... paths) throws IOException {
        upgrade();
        send("SESSION " + tegaId + " local");
        next();
        for (var path : paths) {
            send("SUBSCRIBE " + path + " local");
        }
        // Once this is answered the one before has been done.
        send("UNSUBSCRIBE nothing");
        next();
        return this;
    }

    RawClient upgrade() throws IOException {
        return upgrade("");
    }

    /** A WebSocket; {@code protocol} may be empty. */
    RawClient upgrade(String protocol) throws IOException {
        var wish = protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n";
        write(("GET /_pubsub HTTP/1.1\r\nHost: " + socket.getInetAddress().getHostAddress() + ":" + socket.getPort()
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + wish + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) read());
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException(head.toString());
        }
        return this;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(String text) throws IOException {
        write(frame(TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A masked frame whose first byte is {@code first}. */
    static byte[] frame(int first, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length <= SMALL) {
            out.write(MASKED | payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(MASKED | MIDDLE);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(MASKED | LARGE);
            for (var shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(new byte[4]); // masked with zeros
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** The next frame that is no ping; {@link EOFException} at the end. */
    Frame next() throws IOException {
        while (true) {
            var opcode = read() & 0xf;
            long length = read();
            if (length == MIDDLE) {
                length = ((long) read() << 8) | read();
            } else if (length == LARGE) {
                length = 0;
                for (var i = 0; i < 8; i++) {
                    length = (length << 8) | read();
                }
            }
            var payload = in.readNBytes((int) length);
            if (opcode == 9) {
                write(frame(0x8a, payload));
            } else if (opcode == CLOSE) {
                var code = payload.length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
                var reason =
                        payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                return new Frame(opcode, reason, code);
            } else {
                return new Frame(opcode, new String(payload, StandardCharsets.UTF_8), 0);
            }
        }
    }

    private int read() throws IOException {
        var read = in.read();
        if (read < 0) {
            throw new EOFException();
        }
        return read;
    }

    /** Whether the server ends the connection within this time, whatever it says before. */
    boolean endsWithin(Duration time) {
        var end = System.nanoTime() + time.toNanos();
        try {
            while (System.nanoTime() < end) {
                socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
                if (in.read() < 0) {
                    return true;
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
