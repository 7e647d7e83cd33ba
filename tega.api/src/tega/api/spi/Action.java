package tega.api.spi;

import java.util.Locale;

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

    /** Its name where grants are written: in lower case. */
    public String grant() {
        return name().toLowerCase(Locale.ROOT);
    }
}
