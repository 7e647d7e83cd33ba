package tega.bench;

import java.io.IOException;

/** One kept connection by which one thing is done again and again. */
interface Caller extends AutoCloseable {
    /** Does it, and waits until it is done. */
    void call() throws IOException;

    @Override
    void close() throws IOException;

    /** Opens another connection for the same. */
    interface Opening {
        Caller open() throws IOException;
    }

    /** Sends the same request of HTTP/1.1 each time, to which 200 is the answer. */
    static Opening requests(int port, byte[] request) {
        return () -> {
            var client = new WireClient(port);
            return of(client, () -> {
                var status = client.exchange(request);
                if (status != 200) {
                    throw new IOException("status " + status);
                }
            });
        };
    }

    /** Does {@code act} by {@code connection}. */
    static Caller of(Connection connection, Act act) {
        return new Caller() {
            @Override
            public void call() throws IOException {
                act.run();
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    /** What is closed at the end. */
    interface Connection extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** What is done. */
    interface Act {
        void run() throws IOException;
    }
}
