package tega.api.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A flat folder of files as the log needs it, and nothing more, so that tests can put a crashing disk in its place. Nothing is
 * durable before {@link File#sync()} for content and {@link #syncFolder()} for names. Names are plain, without separators.
 */
@ConsumerType
public interface Storage extends AutoCloseable {
    /** The names of all files. */
    List<String> list() throws IOException;

    /** Opens a file for reading and writing; made when {@code create}, which must then not exist. */
    File open(String name, boolean create) throws IOException;

    /** Renames, replacing {@code to} atomically. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file. */
    void delete(String name) throws IOException;

    /** Makes creations, renames and deletions durable. */
    void syncFolder() throws IOException;

    /**
     * Takes the folder for this process until {@link #close()} or the end of the process; {@code UNAVAILABLE} naming the holder
     * when another has it.
     */
    void lock() throws IOException;

    /** The free space in bytes. */
    long usable() throws IOException;

    /** Where it is, for messages. */
    String describe(String name);

    @Override
    void close() throws IOException;

    /** An open file. */
    @ConsumerType
    interface File extends AutoCloseable {
        /** Reads at {@code position}; returns how many bytes, -1 at the end. */
        int read(ByteBuffer into, long position) throws IOException;

        /** Writes all of {@code from} at {@code position}. */
        void write(ByteBuffer from, long position) throws IOException;

        /** Makes content and size durable. */
        void sync() throws IOException;

        /** Cuts to {@code size} bytes. */
        void truncate(long size) throws IOException;

        /** The size in bytes. */
        long size() throws IOException;

        @Override
        void close() throws IOException;
    }
}
