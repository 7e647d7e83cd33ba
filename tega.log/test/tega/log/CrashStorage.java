package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import tega.api.spi.Storage;

/**
 * A disk in memory that loses what was not synced. Content is kept in sectors: after a crash each sector that was written since
 * the last sync is as old as the crash finds it, as new, or new up to some byte and old behind. Names that were made, changed or
 * removed since the last sync of the folder may or may not be so. A sync that fails leaves the pages clean: a later sync that
 * succeeds says nothing about them.
 */
final class CrashStorage implements Storage {
    static final int SECTOR = 64;

    /** What a crash does to what was not synced. */
    enum Mode {
        /** All of it is gone. */
        LOST,
        /** What was done first is there, the last of it in part. */
        TORN,
        /** Any of it is there, in any order. */
        REORDERED
    }

    /** The power is gone; no call returns any more. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    /** One that decides before each call what becomes of it. */
    interface Fate {
        /** Throws {@link Crash} or an IOException for the call number {@code call}, or lets it pass. */
        void decide(int call, String what) throws IOException;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody changes them
    private record Write(long position, byte[] bytes) {}

    private static final class Inode {
        private byte[] durable = new byte[0];
        private byte[] current = new byte[0];
        private final List<Write> unsynced = new ArrayList<>();
        private final List<Write> forsaken = new ArrayList<>();
        private boolean sizeUnsynced;
    }

    private record Naming(String name, Inode inode) {}

    private final Map<String, Inode> names = new TreeMap<>();
    private final Map<String, Inode> durableNames = new TreeMap<>();
    private final List<List<Naming>> namings = new ArrayList<>();
    private Fate fate = (call, what) -> {};
    private int calls;
    private boolean dead;
    private boolean locked;
    private long bytesWritten;

    void fate(Fate next) {
        fate = next;
        calls = 0;
    }

    /** Lets every call pass uncounted, for whoever looks at the disk from outside. */
    void outside(Runnable look) {
        var was = fate;
        var count = calls;
        fate = (call, what) -> {};
        try {
            look.run();
        } finally {
            fate = was;
            calls = count;
        }
    }

    int calls() {
        return calls;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    /** What a machine finds on this disk after the power was gone. */
    CrashStorage after(Mode mode, RandomGenerator random) {
        var disk = new CrashStorage();
        var kept = new TreeMap<>(durableNames);
        var until = mode == Mode.LOST ? 0 : random.nextInt(namings.size() + 1);
        for (var i = 0; i < namings.size(); i++) {
            if (mode == Mode.TORN ? i < until : mode == Mode.REORDERED && random.nextBoolean()) {
                apply(kept, namings.get(i));
            }
        }
        Map<Inode, Inode> found = new LinkedHashMap<>();
        kept.forEach((name, inode) -> {
            var copy = found.computeIfAbsent(inode, known -> survivor(known, mode, random));
            disk.names.put(name, copy);
            disk.durableNames.put(name, copy);
        });
        return disk;
    }

    private static void apply(Map<String, Inode> to, List<Naming> change) {
        for (var naming : change) {
            if (naming.inode() == null) {
                to.remove(naming.name());
            } else {
                to.put(naming.name(), naming.inode());
            }
        }
    }

    private static Inode survivor(Inode inode, Mode mode, RandomGenerator random) {
        var writes = new ArrayList<>(inode.forsaken);
        writes.addAll(inode.unsynced);
        var content = inode.durable.clone();
        var size = content.length;
        if (mode != Mode.LOST) {
            var until = random.nextInt(writes.size() + 1);
            for (var i = 0; i < writes.size(); i++) {
                var write = writes.get(i);
                if (mode == Mode.TORN && i > until) {
                    continue;
                }
                var bytes = write.bytes();
                var torn = mode == Mode.TORN && i == until ? random.nextInt(bytes.length + 1) : bytes.length;
                content = grown(content, write.position() + bytes.length);
                for (var at = 0; at < bytes.length; ) {
                    var end = (int) Math.min(
                            bytes.length, (write.position() + at) / SECTOR * SECTOR + SECTOR - write.position());
                    var stop = end;
                    if (mode == Mode.TORN) {
                        stop = Math.min(end, torn);
                    } else if (random.nextInt(3) == 0) {
                        stop = at;
                    } else if (random.nextInt(8) == 0) {
                        stop = at + random.nextInt(end - at + 1);
                    }
                    if (stop > at) {
                        System.arraycopy(bytes, at, content, (int) write.position() + at, stop - at);
                    }
                    at = end;
                }
            }
            if (inode.sizeUnsynced) {
                size = switch (random.nextInt(3)) {
                    case 0 -> size;
                    case 1 -> inode.current.length;
                    default ->
                        Math.min(size, inode.current.length)
                                + random.nextInt(Math.abs(size - inode.current.length) + 1);
                };
            }
        }
        var copy = new Inode();
        copy.durable = Arrays.copyOf(content, size);
        copy.current = copy.durable.clone();
        return copy;
    }

    private static List<Write> sectors(Write write) {
        var pieces = new ArrayList<Write>();
        for (var at = 0; at < write.bytes().length; ) {
            var position = write.position() + at;
            var end = (int) Math.min(write.bytes().length, position / SECTOR * SECTOR + SECTOR - write.position());
            pieces.add(new Write(position, Arrays.copyOfRange(write.bytes(), at, end)));
            at = end;
        }
        return pieces;
    }

    private static byte[] grown(byte[] bytes, long size) {
        return size > bytes.length ? Arrays.copyOf(bytes, (int) size) : bytes;
    }

    private void call(String what) throws IOException {
        if (dead) {
            throw new Crash();
        }
        calls++;
        try {
            fate.decide(calls, what);
        } catch (Crash e) {
            dead = true;
            throw e;
        }
    }

    @Override
    public List<String> list() throws IOException {
        call("list");
        return List.copyOf(names.keySet());
    }

    @Override
    public File open(String name, boolean create) throws IOException {
        call("open " + name);
        var inode = names.get(name);
        if (create) {
            if (inode != null) {
                throw new IOException(name + " exists");
            }
            inode = new Inode();
            change(new Naming(name, inode));
        } else if (inode == null) {
            throw new IOException("there is no " + name);
        }
        return new MemoryFile(name, inode);
    }

    private void change(Naming... change) {
        var list = List.of(change);
        apply(names, list);
        namings.add(list);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call("rename " + from);
        var inode = names.get(from);
        if (inode == null) {
            throw new IOException("there is no " + from);
        }
        change(new Naming(from, null), new Naming(to, inode));
    }

    @Override
    public void delete(String name) throws IOException {
        call("delete " + name);
        if (!names.containsKey(name)) {
            throw new IOException("there is no " + name);
        }
        change(new Naming(name, null));
    }

    @Override
    public void syncFolder() throws IOException {
        call("sync folder");
        durableNames.clear();
        durableNames.putAll(names);
        namings.clear();
    }

    @Override
    public void lock() {
        if (locked) {
            throw new IllegalStateException("locked twice");
        }
        locked = true;
    }

    @Override
    public long usable() {
        return Long.MAX_VALUE;
    }

    @Override
    public String describe(String name) {
        return "disk/" + name;
    }

    @Override
    public void close() {
        locked = false;
    }

    /** The content of a file, as it is read now. */
    byte[] content(String name) {
        return names.get(name).current.clone();
    }

    /** Puts a file there, durably. */
    void put(String name, byte[] content) {
        var inode = new Inode();
        inode.durable = content.clone();
        inode.current = content.clone();
        names.put(name, inode);
        durableNames.put(name, inode);
    }

    /** A copy of this disk as it is read now, all of it durable. */
    CrashStorage copy() {
        var disk = new CrashStorage();
        names.forEach((name, inode) -> disk.put(name, inode.current));
        return disk;
    }

    private final class MemoryFile implements File {
        private final String name;
        private final Inode inode;
        private boolean closed;

        MemoryFile(String name, Inode inode) {
            this.name = name;
            this.inode = inode;
        }

        private void use(String what) throws IOException {
            if (closed) {
                throw new IOException(name + " is closed");
            }
            call(what + " " + name);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            use("read");
            if (position >= inode.current.length) {
                return -1;
            }
            var count = (int) Math.min(into.remaining(), inode.current.length - position);
            into.put(inode.current, (int) position, count);
            return count;
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            var bytes = new byte[from.remaining()];
            from.get(bytes);
            try {
                use("write");
            } catch (IOException e) {
                // a write that fails may have done its first part
                store(Arrays.copyOf(bytes, bytes.length / 2), position);
                throw e;
            } catch (Crash e) {
                store(bytes, position);
                throw e;
            }
            store(bytes, position);
        }

        private void store(byte[] bytes, long position) {
            bytesWritten += bytes.length;
            if (bytes.length == 0) {
                return;
            }
            if (position + bytes.length > inode.current.length) {
                inode.current = Arrays.copyOf(inode.current, (int) position + bytes.length);
                inode.sizeUnsynced = true;
            }
            System.arraycopy(bytes, 0, inode.current, (int) position, bytes.length);
            inode.unsynced.add(new Write(position, bytes));
        }

        @Override
        public void sync() throws IOException {
            try {
                use("sync");
            } catch (IOException e) {
                inode.unsynced.forEach(write -> inode.forsaken.addAll(sectors(write)));
                inode.unsynced.clear();
                throw e;
            }
            var content = Arrays.copyOf(inode.durable, inode.current.length);
            for (var write : inode.unsynced) {
                var from = write.position() / SECTOR * SECTOR;
                var to = Math.min(
                        inode.current.length, (write.position() + write.bytes().length + SECTOR - 1) / SECTOR * SECTOR);
                if (from < to) {
                    System.arraycopy(inode.current, (int) from, content, (int) from, (int) (to - from));
                    inode.forsaken.removeIf(piece -> piece.position() >= from && piece.position() < to);
                }
            }
            inode.durable = content;
            inode.unsynced.clear();
            inode.sizeUnsynced = false;
        }

        @Override
        public void truncate(long size) throws IOException {
            use("truncate");
            if (size < inode.current.length) {
                // what is cut off reads as zeros when the file grows again; the rest of its sector is written anew
                var end = Math.min(inode.current.length, (size + SECTOR - 1) / SECTOR * SECTOR);
                inode.current = Arrays.copyOf(inode.current, (int) size);
                inode.sizeUnsynced = true;
                if (end > size) {
                    inode.unsynced.add(new Write(size, new byte[(int) (end - size)]));
                }
                inode.forsaken.removeIf(write -> write.position() >= size);
            }
        }

        @Override
        public long size() throws IOException {
            use("size");
            return inode.current.length;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
