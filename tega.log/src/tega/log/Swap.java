package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tega.api.TegaException;
import tega.api.spi.Storage;

/**
 * Puts a folder that was built beside another in its place; the other one gets a name beside it. That takes two renames, with
 * nothing in the place in between, so what is to be done is written down first, durably: after a crash at any point there is
 * either what was, or somebody finishes what is written, and both of it as often as one likes. Who swaps and who finishes holds
 * the lock of the folder that makes room, as long as that is in its place.
 */
final class Swap {
    private static final String SUFFIX = ".swap";

    private final Storage parent;
    private final String place;
    private final String note;

    /** Of what bears the name {@code place} in {@code parent}. */
    Swap(Storage parent, String place) {
        this.parent = parent;
        this.place = place;
        this.note = place + SUFFIX;
    }

    /** Which folder is to take the place, and where the one in it goes. */
    private record Plan(String fresh, String aside) {
        byte[] encoded() {
            return (fresh + "\n" + aside + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Whether one was begun and is not known to be finished. */
    boolean isBegun() throws IOException {
        return parent.list().contains(note);
    }

    /**
     * Promises that {@code fresh}, which is whole and durable, takes the place, and that what is there gets the name {@code
     * aside}, which is free. When this fails, it may be promised all the same.
     */
    void begin(String fresh, String aside) throws IOException {
        var unfinished = note + Catalog.UNFINISHED;
        if (parent.list().contains(unfinished)) {
            parent.delete(unfinished);
        }
        try (var file = parent.open(unfinished, true)) {
            file.write(ByteBuffer.wrap(new Plan(fresh, aside).encoded()), 0);
            file.sync();
        }
        parent.rename(unfinished, note);
        parent.syncFolder();
    }

    /** Does what is left to do of one that was begun, if anything is. */
    void finish() throws IOException {
        if (!isBegun()) {
            return;
        }
        // the name may be there and not be durable
        parent.syncFolder();
        var plan = read();
        var names = parent.list();
        if (names.contains(plan.fresh())) {
            makeRoom(plan, names);
            moveIn(plan);
        } else if (!names.contains(place)) {
            throw new TegaException.Damaged("there is neither " + parent.describe(place) + " nor "
                    + parent.describe(plan.fresh())
                    + ", which was to take its place; bring one of them back, and remove "
                    + parent.describe(note));
        }
        parent.syncFolder();
        if (parent.list().contains(note)) {
            parent.delete(note);
            parent.syncFolder();
        }
    }

    private void makeRoom(Plan plan, List<String> names) throws IOException {
        if (names.contains(place)) {
            if (names.contains(plan.aside())) {
                throw new TegaException.Unavailable(parent.describe(place) + " came back while "
                        + parent.describe(plan.fresh()) + " was to take its place; try again");
            }
            parent.rename(place, plan.aside());
            // one after the other, also on the disk
            parent.syncFolder();
        }
    }

    private void moveIn(Plan plan) throws IOException {
        try {
            parent.rename(plan.fresh(), place);
        } catch (IOException e) {
            if (parent.list().contains(plan.fresh())) {
                throw e;
            }
            // somebody who came to open it was quicker
        }
    }

    private Plan read() throws IOException {
        try (var file = parent.open(note, false)) {
            var bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
                // to its end
            }
            var lines = new String(bytes.array(), StandardCharsets.UTF_8).split("\n", -1);
            if (lines.length != 3) {
                throw new TegaException.Damaged(parent.describe(note)
                        + " does not say which two folders change places; remove it if the log is where it should be");
            }
            return new Plan(lines[0], lines[1]);
        }
    }
}
