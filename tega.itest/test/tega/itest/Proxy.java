package tega.itest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Copies bytes between a client and a server, until it is told to do something else. */
final class Proxy implements AutoCloseable {
    private record Pair(Socket client, Socket server) {
        void reset() {
            for (var socket : List.of(client, server)) {
                try {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException e) {
                    // it is broken already
                }
            }
        }
    }

    private final int upstream;
    private final int port;
    private final List<Pair> pairs = new CopyOnWriteArrayList<>();
    private volatile boolean swallowing;
    private volatile boolean refusing;
    private @Nullable ServerSocket listener;

    Proxy(int upstream) throws IOException {
        this.upstream = upstream;
        try (var any = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        listen();
    }

    int port() {
        return port;
    }

    void act(String what) throws IOException {
        swallowing = what.equals("swallow");
        refusing = what.equals("refuse");
        switch (what) {
            case "accept" -> listen();
            case "refuse" -> close();
            case "cut" -> cut();
            case "swallow" -> {}
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** While the server is down, nobody is let in. */
    void server(boolean up) throws IOException {
        if (!up) {
            close();
        } else if (!refusing) {
            listen();
        }
    }

    private synchronized void listen() throws IOException {
        if (listener == null) {
            var opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = opened;
            run(() -> accept(opened));
        }
    }

    private void accept(ServerSocket from) throws IOException {
        while (true) {
            var client = from.accept();
            client.setTcpNoDelay(true);
            Socket server;
            try {
                server = new Socket(InetAddress.getLoopbackAddress(), upstream);
            } catch (IOException e) {
                new Pair(client, client).reset();
                continue;
            }
            server.setTcpNoDelay(true);
            var pair = new Pair(client, server);
            synchronized (this) {
                if (listener != from) {
                    pair.reset();
                    return;
                }
                pairs.add(pair);
            }
            run(() -> copy(client, server, pair, false));
            run(() -> copy(server, client, pair, true));
        }
    }

    private void copy(Socket from, Socket to, Pair pair, boolean down) throws IOException {
        try {
            var bytes = new byte[1 << 16];
            for (int length = from.getInputStream().read(bytes);
                    length >= 0 && !(down && swallowing);
                    length = from.getInputStream().read(bytes)) {
                to.getOutputStream().write(bytes, 0, length);
            }
        } finally {
            pairs.remove(pair);
            pair.reset();
        }
    }

    private void cut() {
        var broken = List.copyOf(pairs);
        pairs.removeAll(broken);
        broken.forEach(Pair::reset);
    }

    @Override
    public synchronized void close() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        cut();
    }

    private interface Work {
        void run() throws IOException;
    }

    private void run(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        return; // closed, by either side or by us
                    }
                },
                "proxy " + port);
        thread.setDaemon(true);
        thread.start();
    }
}
