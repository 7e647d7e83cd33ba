package tega.api.spi;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

    /** Asks whoever there is at that moment; {@code UNAVAILABLE} while there is none, that is null. */
    static Authorizer of(Supplier<@Nullable Authorizer> current) {
        return new Authorizer() {
            @Override
            public boolean permits(Identity identity, Action action, Path path) {
                return present().permits(identity, action, path);
            }

            @Override
            public Extent extent(Identity identity, Action action, Path path) {
                return present().extent(identity, action, path);
            }

            @Override
            public void require(Identity identity, Action action, Path path) {
                present().require(identity, action, path);
            }

            private Authorizer present() {
                var present = current.get();
                if (present == null) {
                    throw new TegaException.Unavailable(
                            "tega.access is not running, so nobody knows who may do what; try again in a second");
                }
                return present;
            }
        };
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
