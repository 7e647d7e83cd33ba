package tega.plugins.openwrt;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tega.plugins.openwrt.uci.UciModel;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciWriter;

/**
 * Configurations in RAM that a router reads in place of those on its flash: {@code /var/run/uci}, which libuci knows since
 * 2025-01-17. They are gone when the power is.
 */
final class Overrides {
    /** Where they stand. */
    static final String FOLDER = "/var/run/uci/";

    private static final String SAMPLE = "tega_probe";

    private final RouterFiles files;
    private final RouterUci uci;

    Overrides(RouterFiles files, RouterUci uci) {
        this.files = files;
        this.uci = uci;
    }

    /** Whether the router reads them: tried with a package that nobody has. */
    boolean count() throws IOException {
        try {
            files.write(FOLDER + SAMPLE, "config probe 'probe'\n");
            try {
                return !uci.read(SAMPLE).sections().isEmpty();
            } finally {
                files.remove(FOLDER + SAMPLE);
            }
        } catch (Ubus.Refusal e) {
            return false;
        }
    }

    /** Which of these packages are overridden. */
    List<String> of(Collection<String> packages) throws IOException {
        var found = new ArrayList<String>();
        try {
            for (var name : packages) {
                if (!files.stamp(FOLDER + name).isEmpty()) {
                    found.add(name);
                }
            }
        } catch (Ubus.Refusal e) {
            return List.of(); // Who may not look did not put any there.
        }
        return found;
    }

    /** Puts one there, and looks that the router reads it so. */
    void put(UciPackage goal) throws IOException {
        files.write(FOLDER + goal.name(), UciWriter.file(goal));
        if (!UciModel.isSame(uci.read(goal.name()), goal)) {
            throw new IOException("the router does not read " + FOLDER + goal.name() + " as it was written");
        }
    }

    /** Takes them away. */
    void remove(Collection<String> packages) throws IOException {
        for (var name : packages) {
            files.remove(FOLDER + name);
        }
    }
}
