package tega.api.plugin;

import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Path;
import tega.api.Value;

/** Hears the messages of the channels it is registered for ({@link TegaChannel}), one at a time and in order. */
@ConsumerType
@FunctionalInterface
public interface MessageListener {
    /** A message published to {@code channel} by the client {@code publisher}. */
    void message(Path channel, String publisher, Value message);
}
