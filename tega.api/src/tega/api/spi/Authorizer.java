package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Path;

/** Decides who may do what; asked in one place, by the sessions, for every door. */
@ProviderType
public interface Authorizer {
    /** Everybody may do everything. */
    Authorizer OPEN = (identity, action, path) -> true;

    /** Whether {@code identity} may do {@code action} at {@code path} and everywhere below it. */
    boolean permits(Identity identity, Action action, Path path);
}
