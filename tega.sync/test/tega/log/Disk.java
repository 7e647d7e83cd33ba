package tega.log;

import java.util.SplittableRandom;
import tega.api.spi.Storage;

/** The disk of one machine of the simulation, across its crashes. */
public final class Disk {
    private CrashStorage storage = new CrashStorage();

    public Storage storage() {
        return storage;
    }

    /** The power goes at this call, counted from the next one; the call is done or not. {@code dark} is run then. */
    public void crashAt(int number, Runnable dark) {
        storage.fate((call, what) -> {
            if (call >= number) {
                dark.run();
                throw new CrashStorage.Crash();
            }
        });
    }

    /** The power is there again. */
    public void reboot(SplittableRandom random) {
        var modes = CrashStorage.Mode.values();
        storage = storage.after(modes[random.nextInt(modes.length)], random);
    }

    /** The process is gone, and the machine goes on. */
    public void reopen() {
        storage = storage.copy();
    }

    /** What a backup of now has. */
    public Disk copy() {
        var copy = new Disk();
        copy.storage = storage.copy();
        return copy;
    }
}
