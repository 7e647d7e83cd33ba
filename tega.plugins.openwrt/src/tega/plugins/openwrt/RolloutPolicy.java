package tega.plugins.openwrt;

import java.util.Set;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/**
 * How a commit that concerns many routers is brought to them: {@code config-openwrt.rollouts.<name>}.
 *
 * @param batch how many at the same time
 * @param failures how many may fail before the others are left as they are
 * @param together whether all change at the same moment, and all or none stay changed
 * @param paused whether a person stopped it
 */
record RolloutPolicy(int batch, int failures, boolean together, boolean paused) {
    /** Where they stand. */
    static final Path AT = Path.of("config-openwrt", "rollouts");

    private static final int MOST = 100;
    private static final Set<String> KNOWN = Set.of("batch", "failures", "together", "paused");

    /** @throws TegaException.Invalid with the path of what is wrong */
    static RolloutPolicy read(Value value, Path at) {
        if (!(value instanceof ObjectValue object)) {
            throw new TegaException.Invalid(at, "a roll-out must be an object and is " + value.kind());
        }
        for (var member : object) {
            if (!KNOWN.contains(member.name())) {
                throw new TegaException.Invalid(
                        at.child(member.name()),
                        "there is no such member; batch, failures, paused and together are known");
            }
        }
        return new RolloutPolicy(
                number(object, "batch", 10, 1, at),
                number(object, "failures", 0, 0, at),
                truth(object, "together", at),
                truth(object, "paused", at));
    }

    private static int number(ObjectValue object, String name, int otherwise, int least, Path at) {
        var value = object.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof NumberValue number && number.longValue() >= least && number.longValue() <= MOST) {
            return (int) number.longValue();
        }
        throw new TegaException.Invalid(
                at.child(name), "this must be a number from " + least + " to " + MOST + " and is " + value);
    }

    private static boolean truth(ObjectValue object, String name, Path at) {
        var value = object.get(name);
        if (value != null && !value.equals(Value.of(true)) && !value.equals(Value.of(false))) {
            throw new TegaException.Invalid(at.child(name), "this must be true or false and is " + value);
        }
        return Value.of(true).equals(value);
    }
}
