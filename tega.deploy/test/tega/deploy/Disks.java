package tega.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Disks that fail at the nth thing they are to write: full, or with the whole machine. */
final class Disks {
    /** The end of a process, which nothing in it can catch. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Disks() {}

    static Disk full(Disk disk, int at, int until) {
        return new Failing(disk, at, until, false);
    }

    static Failing killed(Disk disk, int at) {
        return new Failing(disk, at, Integer.MAX_VALUE, true);
    }

    static final class Failing implements Disk {
        private final Disk disk;
        private final int at;
        private final int until;
        private final boolean kills;
        private int writes;

        private Failing(Disk disk, int at, int until, boolean kills) {
            this.disk = disk;
            this.at = at;
            this.until = until;
            this.kills = kills;
        }

        int writes() {
            return writes;
        }

        private void write() throws IOException {
            var now = writes++;
            if (now >= at && now < until) {
                if (kills) {
                    throw new Killed();
                }
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void put(String name, InputStream content) throws IOException {
            write();
            disk.put(name, content);
        }

        @Override
        public void append(String name, byte[] content) throws IOException {
            write();
            disk.append(name, content);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            write();
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public List<String> list() throws IOException {
            return disk.list();
        }

        @Override
        public Path path(String name) {
            return disk.path(name);
        }
    }
}
