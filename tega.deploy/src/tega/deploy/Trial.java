package tega.deploy;

import java.util.Set;

/**
 * Something that runs and is being looked at.
 *
 * @param candidate what
 * @param before what worked before it was there
 */
record Trial(Artifact candidate, Set<String> before) {
    /** The set is copied. */
    Trial {
        before = Set.copyOf(before);
    }
}
