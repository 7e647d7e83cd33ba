package tega.api.spi;

import java.util.Locale;
import tega.api.TegaException;

/** What an identity may be granted at a path and below. */
public enum Action {
    /** See values, history and changes. */
    READ,
    /** Commit, lease, confirm. */
    WRITE,
    /** Call RPCs. */
    CALL,
    /** Publish messages. */
    PUBLISH,
    /** Clear, grant, install, and whatever concerns the server itself. */
    ADMIN;

    /** The action of this name; {@code INVALID} when there is none. */
    public static Action of(String grant) {
        for (var action : values()) {
            if (action.grant().equals(grant)) {
                return action;
            }
        }
        throw new TegaException.Invalid("'" + grant + "' is no action: read, write, call, publish or admin");
    }

    /** Its name where grants are written: in lower case. */
    public String grant() {
        return name().toLowerCase(Locale.ROOT);
    }
}
