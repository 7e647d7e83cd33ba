package tega.deploy;

import java.util.List;

/**
 * What exchanging a bundle will do, told before it is done.
 *
 * @param replaces whether a bundle of this name is there
 * @param restarts the bundles that stop and start again, the bundle itself first
 */
record Plan(boolean replaces, List<String> restarts) {
    /** The list is copied. */
    Plan {
        restarts = List.copyOf(restarts);
    }

    /** As a person is told. */
    @Override
    public String toString() {
        return replaces ? "restarts " + String.join(", ", restarts) : "restarts nothing";
    }
}
