package tega.plugins.net;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Asks a routing daemon through the socket that vtysh uses: a command and a zero byte there, the answer, three zero bytes and
 * a status back.
 */
final class FrrVty implements AutoCloseable {
    private static final long PATIENCE = 3_000;

    private final SocketChannel channel;
    private final Selector selector;

    FrrVty(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            ask("enable");
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The answer; the daemon's own words as an error when it does not take the command. */
    String ask(String command) throws IOException {
        var question = ByteBuffer.wrap((command + "\0").getBytes(StandardCharsets.UTF_8));
        while (question.hasRemaining()) {
            channel.write(question);
        }
        var answer = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(65_536);
        while (!isWhole(answer)) {
            if (selector.select(PATIENCE) == 0) {
                throw new IOException("the daemon did not answer '" + command + "'");
            }
            selector.selectedKeys().clear();
            if (channel.read(buffer) < 0) {
                throw new EOFException("the daemon closed the connection");
            }
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        var bytes = answer.toByteArray();
        var text = new String(bytes, 0, bytes.length - 4, StandardCharsets.UTF_8);
        if (bytes[bytes.length - 1] != 0) {
            throw new IOException(text.strip());
        }
        return text;
    }

    private static boolean isWhole(ByteArrayOutputStream answer) {
        var bytes = answer.toByteArray();
        var end = bytes.length;
        return end >= 4 && bytes[end - 4] == 0 && bytes[end - 3] == 0 && bytes[end - 2] == 0;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
