package tega.itest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP proxy that knows CONNECT (RFC 9110, section 9.3.6) and nothing else; also as a program of its own. */
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final AtomicInteger tunnels = new AtomicInteger();

    ConnectProxy(InetSocketAddress address) throws IOException {
        listener = new ServerSocket();
        listener.bind(address);
        run(this::accept);
    }

    /** Listens at the address and the port that are given, until it is killed. */
    public static void main(String[] arguments) throws Exception {
        try (var proxy = new ConnectProxy(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])))) {
            System.out.println("proxy " + proxy.port());
            Thread.currentThread().join();
        }
    }

    static ConnectProxy local() throws IOException {
        return new ConnectProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections it has led through. */
    int tunnels() {
        return tunnels.get();
    }

    private void accept() throws IOException {
        while (true) {
            var client = listener.accept();
            run(() -> lead(client));
        }
    }

    private void lead(Socket client) throws IOException {
        try (client) {
            var words = head(client.getInputStream()).split(" ", -1);
            var colon = words.length < 2 ? -1 : words[1].lastIndexOf(':');
            if (!words[0].equals("CONNECT") || colon < 0) {
                say(client, "405 Method Not Allowed");
                return;
            }
            try (var server =
                    new Socket(words[1].substring(0, colon), Integer.parseInt(words[1].substring(colon + 1)))) {
                say(client, "200 OK");
                tunnels.incrementAndGet();
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                run(() -> {
                    try (server) {
                        client.getInputStream().transferTo(server.getOutputStream());
                    }
                });
                server.getInputStream().transferTo(client.getOutputStream());
            }
        }
    }

    /** The head of a request, as one text. */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void say(Socket client, String status) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        return; // closed, by one of the three
                    }
                },
                "connect proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
