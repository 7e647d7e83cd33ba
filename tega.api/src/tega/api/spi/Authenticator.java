package tega.api.spi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;

/**
 * Finds out who is asking. The doors ask before they open a session, and again now and then for connections that stay: tokens
 * expire and are revoked. Quick, and for any number of threads.
 */
@ProviderType
public interface Authenticator {
    /**
     * Who shows {@code credentials}. The author of the identity follows from them alone; {@code tegaId} is what the client asks
     * to be called, or null when it asks for nothing: then it is called by its author's name, and {@code anonymous} where it
     * showed nothing. {@code UNAUTHENTICATED}, with an entry in the audit log, when they prove nobody or not any more.
     */
    Identity authenticate(Credentials credentials, @Nullable String tegaId);
}
