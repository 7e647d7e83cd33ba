package tega.api.spi;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Messages;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.Value;
import tega.api.plugin.MessageListener;

/** Where the doors publish and subscribe on behalf of their clients. */
@ProviderType
public interface Channels {
    /**
     * One subscription.
     *
     * @param subscriber who hears: what it may read, and nothing that it has published itself
     * @param channels what it hears
     * @param scope from how far
     */
    record Subscription(Identity subscriber, PathPattern channels, Scope scope) {}

    /** Publishes in the name of {@code publisher}. */
    Messages as(Identity publisher);

    /**
     * Subscribes until closed; {@code FORBIDDEN} for a single channel of which the subscriber may read nothing. {@code listener} is called on the publisher's thread, in the order of each publisher, and must
     * return at once; what it throws is counted and hinders nobody. A subscriber with several subscriptions that match a message
     * hears it once.
     */
    Registration subscribe(Subscription subscription, MessageListener listener);

    /** All subscriptions there are, oldest first. */
    List<Subscription> subscriptions();

    /** Tells a message that was published at another server to those who subscribe with global scope; returns how many. */
    int deliver(Path channel, String publisher, Value message);

    /** Has {@code relay} told from now on what is published here, in place of any other. */
    Registration relay(Relay relay);

    /** Passes messages on to other servers. Any thread; returns at once. */
    @ConsumerType
    interface Relay {
        /** Somebody has published here. */
        void published(Path channel, String publisher, Value message);

        /** The {@link #subscriptions()} are others now. */
        void changed();
    }
}
