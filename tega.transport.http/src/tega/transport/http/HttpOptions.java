package tega.transport.http;

import java.time.Duration;

/**
 * Where the server listens, and its bounds.
 *
 * @param bind the address to listen on
 * @param port the port; 0: any that is free
 * @param threads the most threads that serve requests
 * @param bodyBytes the largest request body; more is 413
 * @param bufferedBytes the most bytes of unfinished request bodies at one time; more is 503
 * @param headerBytes the largest request line with headers; more is 414 or 431
 * @param frameBytes the largest WebSocket message; more closes with 1009
 * @param connections the most connections; more wait in the backlog of the listening socket
 * @param subscriptions the most subscriptions or watches of one client; more is {@code LIMIT}
 * @param calls the most calls of one client that wait for an answer; more is {@code LIMIT}
 * @param outboundBytes the most bytes that wait to be sent to one WebSocket client or event stream
 * @param idle a connection on which nothing moves so long is closed
 * @param stall a client that takes none of what waits for it so long is closed with 1013
 * @param arrival the time for a request to arrive whole, headers and body; more is 408
 * @param call the time a call may take when its caller gives no deadline, and the longest deadline
 */
public record HttpOptions(
        String bind,
        int port,
        int threads,
        int bodyBytes,
        long bufferedBytes,
        int headerBytes,
        int frameBytes,
        int connections,
        int subscriptions,
        int calls,
        int outboundBytes,
        Duration idle,
        Duration stall,
        Duration arrival,
        Duration call) {
    /** The documented port on the loopback address, with bounds for a small machine. */
    public static final HttpOptions DEFAULT = new HttpOptions(
            "127.0.0.1",
            8739,
            64,
            8 << 20,
            64 << 20,
            16 << 10,
            8 << 20,
            4096,
            256,
            256,
            1 << 20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));

    /** The same at another address. */
    public HttpOptions at(String address, int number) {
        return new HttpOptions(
                address,
                number,
                threads,
                bodyBytes,
                bufferedBytes,
                headerBytes,
                frameBytes,
                connections,
                subscriptions,
                calls,
                outboundBytes,
                idle,
                stall,
                arrival,
                call);
    }
}
