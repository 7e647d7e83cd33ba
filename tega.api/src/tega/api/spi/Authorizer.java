package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;

/**
 * Decides who may do what; asked in one place, by the sessions, for every door. Whoever holds one and loses it refuses with
 * {@code UNAVAILABLE} until there is one again: its absence permits nothing.
 */
@ProviderType
@FunctionalInterface
public interface Authorizer {
    /** Everybody may do everything. */
    Authorizer OPEN = (identity, action, path) -> true;

    /** Whether {@code identity} may do {@code action} at {@code path} and everywhere below it. */
    boolean permits(Identity identity, Action action, Path path);

    /**
     * How much of the subtree at {@code path} the {@code action} is permitted for. Reads give what is permitted of {@link
     * Extent#SOME}; writes need {@link Extent#ALL}.
     */
    default Extent extent(Identity identity, Action action, Path path) {
        return permits(identity, action, path) ? Extent.ALL : Extent.NONE;
    }

    /**
     * Like {@link #permits}, for what is about to happen: a refusal is {@code FORBIDDEN} and, like every {@code ADMIN} act that
     * passes, goes into the audit log.
     */
    default void require(Identity identity, Action action, Path path) {
        if (!permits(identity, action, path)) {
            throw refusal(identity, action, path);
        }
    }

    /** What somebody is told who may not. */
    static TegaException.Forbidden refusal(Identity identity, Action action, Path path) {
        var where = path.isEmpty() ? "the whole database" : "'" + path + "' and everything below it";
        return new TegaException.Forbidden(
                path,
                identity.author() + " has no " + action.grant() + " grant for " + where
                        + "; somebody with an admin grant can give it");
    }
}
