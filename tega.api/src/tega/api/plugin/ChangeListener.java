package tega.api.plugin;

import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Change;

/**
 * Hears of commits that touch the patterns it is registered for ({@link TegaWatch}), its own included. Called by one thread at
 * a time, in commit order, never on the thread that commits: blocking or throwing here delays nobody else.
 */
@ConsumerType
@FunctionalInterface
public interface ChangeListener {
    /** One commit. */
    void changed(Change change);
}
