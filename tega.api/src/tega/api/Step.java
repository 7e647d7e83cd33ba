package tega.api;

import org.jspecify.annotations.Nullable;

/** What becomes of one member of an object. */
interface Step {
    /** The value it shall have, null for none; {@code member} is null and {@code stamp} -1 when there is none yet. */
    @Nullable
    Value of(@Nullable Value member, long stamp);
}
