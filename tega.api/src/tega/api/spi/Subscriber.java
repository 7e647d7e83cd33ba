package tega.api.spi;

import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Path;
import tega.api.Value;

/** Hears messages through a {@link Server}. Called by one thread at a time, which it must not hold up. */
@ConsumerType
public interface Subscriber {
    /** A message published to {@code channel} by the client {@code publisher}. */
    void message(Path channel, String publisher, Value message);

    /** Nothing more will be heard, for this reason; the subscription is over. */
    void lost(String reason);
}
