package tega.api.spi;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Tega;

/** Where the doors (HTTP, WebSocket, shell, sync) get the database on behalf of somebody. */
@ProviderType
public interface Sessions {
    /** How long ephemeral nodes outlive a lost connection, unless said otherwise. */
    Duration TTL = Duration.ofSeconds(10);

    /**
     * Opens a session. When another of the same {@code tega_id} owns ephemeral nodes, this one takes them over with a higher
     * epoch and the other can no longer write its own.
     */
    Session open(Identity identity, Duration ttl);

    /**
     * The database on behalf of somebody who has no session here, for single requests. It costs next to nothing, needs no
     * closing and takes over from nobody; ephemeral nodes cannot be made with it ({@code INVALID}). Drafts are found by their
     * owner's identity, whichever door they were begun through.
     */
    Tega tega(Identity identity);
}
