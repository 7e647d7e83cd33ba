package tega.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tega.api.Identity;
import tega.api.Messages;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.Value;
import tega.api.plugin.MessageListener;
import tega.api.spi.Authorizer;
import tega.api.spi.Channels;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;
import tega.api.spi.Scheduler;

/** Gives the channels to the doors, and the listeners of plugins to the channels. */
@Component(service = {Channels.class, Inspectable.class})
public final class MessagingComponent implements Channels, Inspectable {
    private static final String PATTERNS = "tega.channel";
    private static final int WAITING = 1024;

    private final AtomicReference<@Nullable Authorizer> authorizer = new AtomicReference<>();
    private final Map<Long, List<Registration>> plugins = new ConcurrentHashMap<>();
    private final LongAdder dropped = new LongAdder();
    private final LocalChannels channels;
    private final Scheduler scheduler;
    private final BundleContext context;

    /** Made by the component runtime. */
    @Activate
    public MessagingComponent(BundleContext context, @Reference Scheduler scheduler) {
        this.context = context;
        this.scheduler = scheduler;
        this.channels = new LocalChannels(Authorizer.of(authorizer::get));
    }

    @Override
    public Messages as(Identity publisher) {
        return channels.as(publisher);
    }

    @Override
    public Registration subscribe(Subscription subscription, MessageListener listener) {
        return channels.subscribe(subscription, listener);
    }

    @Override
    public List<Subscription> subscriptions() {
        return channels.subscriptions();
    }

    @Override
    public int deliver(Path channel, String publisher, Value message) {
        return channels.deliver(channel, publisher, message);
    }

    @Override
    public Registration relay(Relay relay) {
        return channels.relay(relay);
    }

    @Override
    public String subject() {
        return channels.subject();
    }

    @Override
    public Optional<String> trouble() {
        return channels.trouble();
    }

    @Override
    public ObjectValue figures() {
        return channels.figures().with("dropped", Value.of(dropped.sum()));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAuthorizer(Authorizer part) {
        authorizer.set(part);
    }

    void unbindAuthorizer(Authorizer part) {
        authorizer.compareAndSet(part, null);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(MessageListener listener, Map<String, ?> properties) {
        var queued = new QueuedListener(listener, scheduler.background(), WAITING, dropped);
        var subscriber = subscriber(properties);
        var registrations = new ArrayList<Registration>();
        for (var pattern : patterns(properties)) {
            registrations.add(
                    channels.subscribe(new Subscription(subscriber, PathPattern.parse(pattern), Scope.LOCAL), queued));
        }
        plugins.put((Long) properties.get(Constants.SERVICE_ID), registrations);
    }

    /** A bundle may have several listeners, and each hears. */
    private Identity subscriber(Map<String, ?> properties) {
        var bundle = properties.get(Constants.SERVICE_BUNDLEID) instanceof Long id ? context.getBundle(id) : null;
        var author = Identity.plugin(bundle == null ? "unknown" : String.valueOf(bundle.getSymbolicName()))
                .author();
        return new Identity(author, String.valueOf(properties.get("component.name")));
    }

    void unbindListener(MessageListener listener, Map<String, ?> properties) {
        var registrations = plugins.remove((Long) properties.get(Constants.SERVICE_ID));
        if (registrations != null) {
            registrations.forEach(Registration::close);
        }
    }

    private static String[] patterns(Map<String, ?> properties) {
        var patterns = properties.get(PATTERNS);
        if (patterns instanceof String one) {
            return new String[] {one};
        }
        return patterns instanceof String[] several ? several : new String[0];
    }
}
