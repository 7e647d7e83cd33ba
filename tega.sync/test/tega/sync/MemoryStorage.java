package tega.sync;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.spi.Storage;

/** A disk in memory. */
final class MemoryStorage implements Storage {
    /** A file: more room than it has bytes, so that appending does not copy it. */
    private static final class Content {
        private byte[] room = new byte[4096];
        private int size;

        Content copy() {
            var copy = new Content();
            copy.room = room.clone();
            copy.size = size;
            return copy;
        }

        void ensure(int bytes) {
            if (bytes > room.length) {
                room = Arrays.copyOf(room, Math.max(bytes, 2 * room.length));
            }
            size = Math.max(size, bytes);
        }
    }

    private final Map<String, Content> files = new TreeMap<>();

    /** The same content on another disk: a backup. */
    synchronized MemoryStorage copy() {
        var copy = new MemoryStorage();
        files.forEach((name, content) -> copy.files.put(name, content.copy()));
        return copy;
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized File open(String name, boolean create) {
        if (create) {
            files.put(name, new Content());
        }
        return new Open(name);
    }

    @Override
    public synchronized void rename(String from, String to) {
        files.put(to, files.remove(from));
    }

    @Override
    public synchronized void delete(String name) {
        files.remove(name);
    }

    @Override
    public void syncFolder() {}

    @Override
    public void lock() {}

    @Override
    public long usable() {
        return 1L << 40;
    }

    @Override
    public String describe(String name) {
        return "memory/" + name;
    }

    @Override
    public void close() {}

    private final class Open implements File {
        private final String name;

        Open(String name) {
            this.name = name;
        }

        private Content content() {
            return files.computeIfAbsent(name, absent -> new Content());
        }

        @Override
        public int read(ByteBuffer into, long position) {
            synchronized (MemoryStorage.this) {
                var content = content();
                if (position >= content.size) {
                    return -1;
                }
                var count = (int) Math.min(into.remaining(), content.size - position);
                into.put(content.room, (int) position, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) {
            synchronized (MemoryStorage.this) {
                var content = content();
                content.ensure((int) position + from.remaining());
                from.get(content.room, (int) position, from.remaining());
            }
        }

        @Override
        public void sync() {}

        @Override
        public void truncate(long size) {
            synchronized (MemoryStorage.this) {
                var content = content();
                content.ensure((int) size);
                Arrays.fill(content.room, (int) size, content.room.length, (byte) 0);
                content.size = (int) size;
            }
        }

        @Override
        public long size() {
            synchronized (MemoryStorage.this) {
                return content().size;
            }
        }

        @Override
        public void close() {}
    }
}
