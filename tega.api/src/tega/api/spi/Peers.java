package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;

/** Where the doors hand over connections of other servers. */
@ProviderType
public interface Peers {
    /** The WebSocket sub-protocol that other servers ask for. */
    String PROTOCOL = "tega.sync";

    /** What hears of a connection from a server that has proved to be {@code identity}. */
    Wire.Listener accept(Identity identity);
}
