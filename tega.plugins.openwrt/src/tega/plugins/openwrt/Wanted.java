package tega.plugins.openwrt;

import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciTree;

/**
 * A package as the tree wants it on a router.
 *
 * @param uci what it says
 * @param ownership how much of it is tega's
 */
record Wanted(UciPackage uci, UciOwnership ownership) {
    /** The member that says it. */
    static final String OWNERSHIP = "ownership";

    /** Reads the package {@code name} from {@code value}, which stands at {@code at}. */
    static Wanted read(String name, Value value, Path at) {
        var ownership = UciOwnership.PACKAGE;
        var rest = value;
        if (value instanceof ObjectValue object) {
            ownership = ownership(object.get(OWNERSHIP), at.child(OWNERSHIP));
            rest = object.without(OWNERSHIP);
        }
        return new Wanted(UciTree.read(name, rest, at), ownership);
    }

    private static UciOwnership ownership(@Nullable Value value, Path at) {
        if (value == null) {
            return UciOwnership.PACKAGE;
        }
        for (var one : UciOwnership.values()) {
            if (value instanceof StringValue text && text.text().equals(one.toString())) {
                return one;
            }
        }
        throw new TegaException.Invalid(at, "the ownership is " + value + " and must be package, sections or options");
    }
}
