package tega.itest;

import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Value;

/** How the scenarios compare what came with what is expected. */
final class Likeness {
    private static final Value ANY = Value.of("$any");

    private Likeness() {}

    /** Equal, member by member; 1 and 1.0 are. */
    static boolean equal(Value expected, Value actual) {
        return compare(expected, actual, false);
    }

    /** At least what is expected. */
    static boolean like(Value expected, Value actual) {
        return compare(expected, actual, true);
    }

    private static boolean compare(Value expected, Value actual, boolean atLeast) {
        if (expected.equals(ANY)) {
            return true;
        }
        if (expected instanceof ObjectValue wanted && actual instanceof ObjectValue given) {
            if (!atLeast && wanted.size() != given.size()) {
                return false;
            }
            for (var member : wanted) {
                var value = given.get(member.name());
                if (value == null || !compare(member.value(), value, atLeast)) {
                    return false;
                }
            }
            return true;
        }
        if (expected instanceof ArrayValue wanted && actual instanceof ArrayValue given) {
            if (wanted.size() != given.size()) {
                return false;
            }
            for (var i = 0; i < wanted.size(); i++) {
                if (!compare(wanted.get(i), given.get(i), atLeast)) {
                    return false;
                }
            }
            return true;
        }
        if (expected instanceof NumberValue wanted && actual instanceof NumberValue given) {
            return new java.math.BigDecimal(wanted.toString()).compareTo(new java.math.BigDecimal(given.toString()))
                    == 0;
        }
        return expected.equals(actual);
    }
}
