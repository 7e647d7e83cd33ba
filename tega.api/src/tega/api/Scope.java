package tega.api;

import java.util.Locale;

/** How far a session or a subscription reaches. */
public enum Scope {
    /** This server. */
    LOCAL,
    /** Every server connected to the same global server. */
    GLOBAL;

    /** The word on the wire: {@code local} or {@code global}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope of this word; {@code INVALID} when it is none. */
    public static Scope of(String wireName) {
        for (var scope : values()) {
            if (scope.wireName().equals(wireName)) {
                return scope;
            }
        }
        throw new TegaException.Invalid("'" + wireName + "' is not a scope; it is local or global");
    }
}
