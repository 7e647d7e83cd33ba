package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import tega.api.Tega;

/** The stay of one client; it owns the ephemeral nodes made through it. */
@ProviderType
public interface Session extends AutoCloseable {
    /** The database, as this client may use it. */
    Tega tega();

    /** Higher than that of every earlier session of the same {@code tega_id}. */
    long epoch();

    /** The connection is lost: ephemeral nodes stay for the TTL, in case the same {@code tega_id} opens a session again. */
    void detach();

    /** The client has said good-bye: its ephemeral nodes go at once, in one commit. */
    @Override
    void close();
}
