package tega.api.spi;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import tega.api.ErrorCode;
import tega.api.ObjectValue;

/**
 * A part of the server that can tell how it is; registered as a service and shown by the shell's {@code why}, by {@code
 * /_health} and by {@code /_metrics}. Asked at any time by any thread; answers at once.
 */
@ConsumerType
public interface Inspectable {
    /** Which part: a short lower-case noun such as {@code log}, {@code watchers}, {@code http}. */
    String subject();

    /** What keeps it from doing its work, in a sentence; empty when nothing does. */
    Optional<String> trouble();

    /** The stable code of {@link #trouble()}, for programs; says nothing while there is no trouble. */
    default ErrorCode code() {
        return ErrorCode.UNAVAILABLE;
    }

    /**
     * Its figures. Numbers become metrics named {@code tega_<subject>_<name>}; objects of objects, keyed by what they are about,
     * become metrics with a label.
     */
    ObjectValue figures();
}
