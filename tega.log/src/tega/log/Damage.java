package tega.log;

import tega.api.TegaException;
import tega.api.spi.Storage;

/** How damage is told: file, offset, what should have been there, and the commands that help. */
final class Damage {
    private Damage() {}

    static TegaException.Damaged at(Storage storage, String file, long offset, String expected) {
        return new TegaException.Damaged(storage.describe(file) + " is damaged at offset " + offset + ": expected "
                + expected + "; './tega check' shows the extent, './tega repair' saves what can be saved");
    }

    static TegaException.Damaged missing(Storage storage, String what) {
        return new TegaException.Damaged("in " + storage.describe("") + " " + what
                + "; './tega check' shows the extent, './tega restore' brings a backup back, './tega repair' saves what"
                + " can be saved");
    }
}
