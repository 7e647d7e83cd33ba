package tega.messaging;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.Messages;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.MessageListener;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;
import tega.api.spi.Channels;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;

/** The channels of one server. For any number of threads. */
public final class LocalChannels implements Channels, Inspectable {
    private final Authorizer authorizer;
    private final List<Hearer> hearers = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Relay> relay = new AtomicReference<>();
    private final LongAdder published = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** {@code authorizer} says who may publish and who may hear. */
    public LocalChannels(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public Messages as(Identity publisher) {
        return (channel, message) -> publish(publisher, channel, message);
    }

    private int publish(Identity publisher, Path channel, Value message) {
        if (channel.isEmpty()) {
            throw new TegaException.Invalid("a message needs a channel");
        }
        authorizer.require(publisher, Action.PUBLISH, channel);
        published.increment();
        var passing = relay.get();
        if (passing != null) {
            passing.published(channel, publisher.tegaId(), message);
        }
        var heard = new HashSet<Identity>();
        for (var hearer : hearers) {
            var subscription = hearer.subscription();
            if (!subscription.subscriber().equals(publisher)
                    && subscription.channels().matches(channel)
                    && authorizer.permits(subscription.subscriber(), Action.READ, channel)
                    && heard.add(subscription.subscriber())) {
                tell(hearer, channel, publisher.tegaId(), message);
            }
        }
        return heard.size();
    }

    private void tell(Hearer hearer, Path channel, String publisher, Value message) {
        try {
            hearer.listener().message(channel, publisher, message);
            delivered.increment();
        } catch (RuntimeException e) {
            failed.increment();
        }
    }

    @Override
    public Registration subscribe(Subscription subscription, MessageListener listener) {
        var channels = subscription.channels();
        if (channels.isExact()
                && authorizer.extent(subscription.subscriber(), Action.READ, channels.prefix()) == Extent.NONE) {
            authorizer.require(subscription.subscriber(), Action.READ, channels.prefix());
        }
        var hearer = new Hearer(subscription, listener);
        hearers.add(hearer);
        changed();
        return () -> {
            if (hearers.remove(hearer)) {
                changed();
            }
        };
    }

    private void changed() {
        var passing = relay.get();
        if (passing != null) {
            passing.changed();
        }
    }

    @Override
    public int deliver(Path channel, String publisher, Value message) {
        var heard = new HashSet<Identity>();
        for (var hearer : hearers) {
            var subscription = hearer.subscription();
            if (subscription.scope() == Scope.GLOBAL
                    && subscription.channels().matches(channel)
                    && authorizer.permits(subscription.subscriber(), Action.READ, channel)
                    && heard.add(subscription.subscriber())) {
                tell(hearer, channel, publisher, message);
            }
        }
        return heard.size();
    }

    @Override
    public Registration relay(Relay newRelay) {
        relay.set(newRelay);
        return () -> relay.compareAndSet(newRelay, null);
    }

    @Override
    public List<Subscription> subscriptions() {
        return hearers.stream().map(Hearer::subscription).toList();
    }

    @Override
    public String subject() {
        return "messages";
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public ObjectValue figures() {
        return ObjectValue.builder()
                .put("published", Value.of(published.sum()))
                .put("delivered", Value.of(delivered.sum()))
                .put("failed", Value.of(failed.sum()))
                .put("subscriptions", Value.of(hearers.size()))
                .build();
    }

    /** One subscription of perhaps several that are alike. */
    private static final class Hearer {
        private final Subscription subscription;
        private final MessageListener listener;

        Hearer(Subscription subscription, MessageListener listener) {
            this.subscription = subscription;
            this.listener = listener;
        }

        Subscription subscription() {
            return subscription;
        }

        MessageListener listener() {
            return listener;
        }
    }
}
