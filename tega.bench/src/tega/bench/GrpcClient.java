package tega.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One kept connection that speaks as little HTTP/2 (RFC 9113) as one gRPC call after the other needs, and costs next to nothing
 * itself: headers are always the same bytes, without Huffman's code and without a table.
 */
final class GrpcClient implements Caller.Connection {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int WINDOW = 8;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;
    private final byte[] headers;
    private final byte[] message;
    private int stream = -1;

    /** For calling {@code path} with {@code message}, which is protobuf. */
    GrpcClient(int port, String path, byte[] message) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
        headers = headers(path);
        this.message = prefixed(message);
        var hello = new ByteArrayOutputStream();
        hello.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(hello, SETTINGS, 0, 0, new byte[0]);
        frame(hello, WINDOW, 0, 0, new byte[] {0x3f, 0, 0, 0}); // more than will ever come
        socket.getOutputStream().write(hello.toByteArray());
    }

    /** A literal or two of HPACK (RFC 7541): 0x83 and 0x86 are POST and http in its table. */
    private static byte[] headers(String path) {
        var block = new ByteArrayOutputStream();
        block.write(0x83);
        block.write(0x86);
        block.write(0x04); // :path
        text(block, path);
        block.write(0x01); // :authority
        text(block, "localhost");
        block.write(0x0f); // content-type, the 31st
        block.write(0x10);
        text(block, "application/grpc");
        block.write(0x00);
        text(block, "te");
        text(block, "trailers");
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Not compressed, and so long. */
    private static byte[] prefixed(byte[] message) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeInt(message.length);
        out.write(message);
        return bytes.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        for (var shift = 16; shift >= 0; shift -= 8) {
            out.write(payload.length >> shift);
        }
        out.write(type);
        out.write(flags);
        for (var shift = 24; shift >= 0; shift -= 8) {
            out.write(stream >> shift);
        }
        out.writeBytes(payload);
    }

    /** One call; fails when the answer has no message, which is how gRPC tells of an error. */
    void call() throws IOException {
        stream += 2;
        var request = new ByteArrayOutputStream();
        frame(request, HEADERS, END_HEADERS, stream, headers);
        frame(request, DATA, END_STREAM, stream, message);
        socket.getOutputStream().write(request.toByteArray());
        var answered = false;
        while (true) {
            var length = (in.readUnsignedShort() << 8) | in.readUnsignedByte();
            var type = in.readUnsignedByte();
            var flags = in.readUnsignedByte();
            var about = in.readInt();
            var payload = in.readNBytes(length);
            switch (type) {
                case DATA -> answered |= about == stream && length > 0;
                case SETTINGS -> acknowledge(type, flags, new byte[0]);
                case PING -> acknowledge(type, flags, payload);
                case RESET, GO_AWAY -> throw new IOException("the call was given up");
                default -> {
                    // windows and headers
                }
            }
            if (about == stream && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                if (!answered) {
                    throw new IOException("the call failed");
                }
                return;
            }
        }
    }

    private void acknowledge(int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            var out = new ByteArrayOutputStream();
            frame(out, type, ACK, 0, payload);
            socket.getOutputStream().write(out.toByteArray());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
