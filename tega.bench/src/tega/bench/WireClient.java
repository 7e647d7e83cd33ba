package tega.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One kept connection that speaks as little HTTP/1.1 and WebSocket as is needed, and costs next to nothing itself. */
final class WireClient implements Caller.Connection {
    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;

    WireClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = socket.getInputStream();
    }

    static byte[] request(String method, String target, String body) {
        return (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and reads its answer; the status. */
    int exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) read());
        }
        var text = head.toString();
        var length = text.indexOf("Content-Length: ");
        if (length >= 0) {
            var end = text.indexOf('\r', length);
            skip(Integer.parseInt(text.substring(length + "Content-Length: ".length(), end)));
        }
        return Integer.parseInt(text.substring(9, 12));
    }

    /** Sends a command and reads the one line that answers it, as Redis speaks. */
    String line(byte[] command) throws IOException {
        socket.getOutputStream().write(command);
        var line = new StringBuilder();
        for (var next = read(); next != '\n'; next = read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Becomes a WebSocket. */
    void upgrade() throws IOException {
        var upgrade = String.join(
                "\r\n",
                "GET /_pubsub HTTP/1.1",
                "Host: localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "",
                "");
        var status = exchange(upgrade.getBytes(StandardCharsets.US_ASCII));
        if (status != 101) {
            throw new IOException("no WebSocket: " + status);
        }
    }

    /** Sends a text frame of less than 126 bytes, masked with zeros. */
    void send(String text) throws IOException {
        var payload = text.getBytes(StandardCharsets.UTF_8);
        var frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        socket.getOutputStream().write(frame);
    }

    /** The next text frame. */
    String receive() throws IOException {
        while (true) {
            var opcode = read() & 0xf;
            var length = read() & 0x7f;
            if (length == 126) {
                length = (read() << 8) | read();
            }
            var text = new StringBuilder();
            for (var i = 0; i < length; i++) {
                text.append((char) read());
            }
            if (opcode == 1) {
                return text.toString();
            }
        }
    }

    private int read() throws IOException {
        if (from == to) {
            to = in.read(buffer);
            from = 0;
            if (to <= 0) {
                throw new EOFException();
            }
        }
        return buffer[from++] & 0xff;
    }

    private void skip(int bytes) throws IOException {
        for (var i = 0; i < bytes; i++) {
            read();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
