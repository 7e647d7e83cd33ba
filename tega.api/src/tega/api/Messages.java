package tega.api;

import org.osgi.annotation.versioning.ProviderType;

/** Messages to channels, on behalf of one identity: never stored, heard by whoever subscribes at that moment. */
@ProviderType
public interface Messages {
    /**
     * Publishes {@code message} to every subscriber of {@code channel} except the publisher itself, and returns how many there
     * were on this server; none is no error. It waits for nobody; each subscriber hears one publisher's messages in order.
     */
    int publish(Path channel, Value message);
}
