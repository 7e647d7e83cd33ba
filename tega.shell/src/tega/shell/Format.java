package tega.shell;

import java.util.Locale;
import tega.api.TegaException;

/** How answers are written. */
enum Format {
    YAML,
    JSON,
    TABLE;

    /** The format of this name; {@code INVALID} when there is none. */
    static Format of(String name) {
        for (var format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        throw new TegaException.Invalid("'" + name + "' is not a format; there are json, yaml and table");
    }
}
