package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tega.api.spi.Storage;

/**
 * A file of the machine's file system. Java closes a channel under a thread that is interrupted while it uses it; here the
 * thread opens the file again and finishes what it does. Its flag stays set, the file stays open. For one thread at a time.
 */
final class ChannelFile implements Storage.File {
    /** So much is kept until it is durable, to be written once more. */
    private static final int KEPT = 4 << 20;

    private final Path path;
    private final Set<? extends OpenOption> again;
    private final List<Written> unsynced = new ArrayList<>();
    private long kept;
    private FileChannel channel;

    ChannelFile(Path path, Set<? extends OpenOption> options) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, options);
        this.again = options.contains(StandardOpenOption.CREATE_NEW)
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                : options;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody changes them
    private record Written(byte[] bytes, long position) {}

    /** Something that can be done again from its beginning. */
    private interface Work {
        long on(FileChannel channel) throws IOException;
    }

    /** What to do before work that was interrupted is done again. */
    private interface Repeat {
        void on(FileChannel channel) throws IOException;
    }

    private long whole(Work work, Repeat repeat) throws IOException {
        var interrupted = Thread.interrupted();
        try {
            var first = true;
            while (true) {
                try {
                    if (!first) {
                        repeat.on(channel);
                    }
                    return work.on(channel);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    channel = FileChannel.open(path, again);
                    first = false;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long whole(Work work) throws IOException {
        return whole(work, any -> {});
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        var start = into.position();
        return (int) whole(open -> open.read(into.position(start), position));
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        keep(from, position);
        whole(open -> write(open, from.duplicate(), position));
        from.position(from.limit());
    }

    private static long write(FileChannel open, ByteBuffer from, long position) throws IOException {
        var start = from.position();
        while (from.hasRemaining()) {
            open.write(from, position + from.position() - start);
        }
        return position;
    }

    private void keep(ByteBuffer from, long position) {
        kept += from.remaining();
        if (kept > KEPT) {
            unsynced.clear();
        } else {
            var bytes = new byte[from.remaining()];
            from.duplicate().get(bytes);
            unsynced.add(new Written(bytes, position));
        }
    }

    /**
     * An interrupt hides whether the sync failed, and a second one would not tell: the kernel reports a failure once and takes
     * the pages for clean. So everything is written again before it is synced again, or, when it was too much, this fails.
     */
    @Override
    public void sync() throws IOException {
        whole(
                open -> {
                    open.force(false);
                    return 0;
                },
                this::writeAgain);
        unsynced.clear();
        kept = 0;
    }

    private void writeAgain(FileChannel open) throws IOException {
        if (kept > KEPT) {
            throw new IOException("interrupted while " + kept + " bytes were made durable");
        }
        for (var each : unsynced) {
            write(open, ByteBuffer.wrap(each.bytes()), each.position());
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        unsynced.removeIf(each -> each.position() >= size);
        whole(open -> open.truncate(size).size());
    }

    @Override
    public long size() throws IOException {
        return whole(FileChannel::size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
