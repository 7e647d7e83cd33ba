package tega.transport.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that counts the bytes the operating system takes of it. That alone tells whether somebody who is sent a long
 * message reads it slowly or not at all: the write ends when all of it is taken.
 */
final class MeasuredEndPoint extends SocketChannelEndPoint {
    private volatile long taken;

    MeasuredEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
    public boolean flush(ByteBuffer... buffers) throws IOException {
        var before = remaining(buffers);
        var all = super.flush(buffers);
        taken += before - remaining(buffers);
        return all;
    }

    private static long remaining(ByteBuffer... buffers) {
        long remaining = 0;
        for (var buffer : buffers) {
            remaining += buffer.remaining();
        }
        return remaining;
    }

    /** What was taken of the connection under {@code endPoint}, that of TLS included. */
    static long taken(EndPoint endPoint) {
        var bottom = endPoint;
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        return bottom instanceof MeasuredEndPoint measured ? measured.taken : 0;
    }
}
