package tega.store;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tega.api.Identity;
import tega.api.Limits;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.plugin.ChangeListener;
import tega.api.plugin.CommitGuard;
import tega.api.spi.Authorizer;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;
import tega.api.spi.Replication;
import tega.api.spi.Scheduler;
import tega.api.spi.Session;
import tega.api.spi.Sessions;

/**
 * The database as services: {@link Sessions} for the doors, a {@link Tega} of its own for every bundle that asks, and the
 * whiteboard of listeners and guards. A bundle's {@code tega_id} is its symbolic name, and {@code plugin:} and this name the
 * author of what it does; when it goes, its ephemeral nodes wait for their TTL, so that an upgrade does not make them flap.
 * Nobody may do anything until there is an {@link Authorizer}.
 */
@Component(service = Sessions.class, immediate = true)
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='tega.api.Tega'")
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='tega.api.spi.Replication'")
public final class StoreComponent implements Sessions {
    private static final System.Logger LOG = System.getLogger(StoreComponent.class.getName());

    private final BundleContext context;
    private final TegaStore db;
    private final Map<Role, Registration> whiteboard = new HashMap<>();
    private final List<ServiceRegistration<?>> services = new ArrayList<>();
    private boolean stopped;

    /** Opens the database; where that fails, the server is told why it cannot go on. */
    @Activate
    public StoreComponent(
            BundleContext context,
            @Reference CommitLog log,
            @Reference CommitCodec codec,
            @Reference Scheduler scheduler,
            @Reference(target = "(tega.fatal=true)", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    Consumer<String> fatal) {
        this.context = context;
        try {
            db = TegaStore.open(log, codec, scheduler, new SecureRandom(), options(context));
        } catch (TegaException e) {
            if (fatal != null) {
                fatal.accept(e.getMessage());
            }
            throw e;
        }
        db.authorizeNobody();
        // By another thread: who waits for these may ask for the sessions too, which are there when this constructor is
        // done.
        scheduler.background().execute(() -> offer(context));
    }

    private void offer(BundleContext context) {
        try {
            for (var part : db.inspectables()) {
                keep(context.registerService(Inspectable.class, part, null));
            }
            keep(context.registerService(Tega.class, new PerBundle(), null));
            keep(context.registerService(Replication.class, db.replication(), null));
        } catch (IllegalStateException e) {
            // The bundle stopped before it was done starting: there is nobody left to offer anything to.
        }
    }

    private void keep(ServiceRegistration<?> registration) {
        synchronized (services) {
            if (!stopped) {
                services.add(registration);
                return;
            }
        }
        registration.unregister();
    }

    /** What the launcher says of this server. */
    private static StoreOptions options(BundleContext context) {
        var usual = StoreOptions.DEFAULT;
        var limits = usual.limits();
        return usual.id(text(context, "tega.id", usual.id()))
                .history(number(context, "tega.history", usual.history()))
                .volatileRoots(Set.copyOf(list(text(context, "tega.volatile.roots", ""))))
                .limits(new Limits(
                        number(context, "tega.limit.depth", limits.depth()),
                        number(context, "tega.limit.name", limits.nameBytes()),
                        number(context, "tega.limit.value", limits.valueBytes()),
                        number(context, "tega.limit.commit", limits.commitBytes())))
                .draftIdle(Duration.ofSeconds(number(
                        context, "tega.draft.idle", (int) usual.draftIdle().toSeconds())));
    }

    private static String text(BundleContext context, String name, String usual) {
        var value = context.getProperty(name);
        return value == null || value.isEmpty() ? usual : value;
    }

    private static int number(BundleContext context, String name, int usual) {
        var value = text(context, name, "");
        try {
            return value.isEmpty() ? usual : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("'" + name + "' is '" + value + "', which is not a number");
        }
    }

    private static List<String> list(String joined) {
        return Arrays.stream(joined.split(",")).filter(name -> !name.isBlank()).toList();
    }

    /** A session for every bundle that uses the database. */
    private final class PerBundle implements ServiceFactory<Tega> {
        private final Map<Bundle, Session> sessions = new HashMap<>();

        @Override
        public synchronized Tega getService(Bundle bundle, ServiceRegistration<Tega> registration) {
            var session = db.sessions().open(plugin(bundle), Sessions.TTL);
            sessions.put(bundle, session);
            return session.tega();
        }

        @Override
        public synchronized void ungetService(Bundle bundle, ServiceRegistration<Tega> registration, Tega service) {
            var session = sessions.remove(bundle);
            if (session != null) {
                session.detach();
            }
        }
    }

    private static Identity plugin(@Nullable Bundle bundle) {
        return Identity.plugin(bundle == null ? "unknown" : String.valueOf(bundle.getSymbolicName()));
    }

    /** The bundle that has registered a service. */
    private Identity owner(Map<String, Object> properties) {
        var id = properties.get(Constants.SERVICE_BUNDLEID);
        return plugin(id instanceof Long number ? context.getBundle(number) : null);
    }

    @Override
    public Session open(Identity identity, Duration ttl) {
        return db.sessions().open(identity, ttl);
    }

    @Override
    public Tega tega(Identity identity) {
        return db.sessions().tega(identity);
    }

    /** From now on it decides who may do what. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setAuthorizer(Authorizer authorizer) {
        db.authorize(authorizer);
    }

    /** It is gone: until there is one again nobody may do anything, unless another has already taken its place. */
    public void unsetAuthorizer(Authorizer authorizer) {
        db.unauthorize(authorizer);
    }

    /** Has a listener hear of what it is registered for. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addListener(ChangeListener listener, Map<String, Object> properties) {
        var patterns = patterns(properties, "tega.watch", listener);
        if (!patterns.isEmpty()) {
            put(
                    new Role(listener, ChangeListener.class),
                    db.listen(name(properties, listener), owner(properties), patterns, listener));
        }
    }

    /** Has it hear no more. */
    public void removeListener(ChangeListener listener) {
        remove(new Role(listener, ChangeListener.class));
    }

    /** Has a guard asked about what it is registered for. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addGuard(CommitGuard guard, Map<String, Object> properties) {
        var patterns = patterns(properties, "tega.guard", guard);
        if (!patterns.isEmpty()) {
            put(new Role(guard, CommitGuard.class), db.guard(name(properties, guard), patterns, guard));
        }
    }

    /** Has it asked no more. */
    public void removeGuard(CommitGuard guard) {
        remove(new Role(guard, CommitGuard.class));
    }

    /** A component may be a listener and a guard at once. */
    private record Role(Object service, Class<?> type) {}

    private void put(Role role, Registration registration) {
        synchronized (whiteboard) {
            whiteboard.put(role, registration);
        }
    }

    private void remove(Role role) {
        Registration registration;
        synchronized (whiteboard) {
            registration = whiteboard.remove(role);
        }
        if (registration != null) {
            registration.close();
        }
    }

    private static String name(Map<String, Object> properties, Object service) {
        var component = properties.get("component.name");
        return component == null ? service.getClass().getName() : component.toString();
    }

    private static List<PathPattern> patterns(Map<String, Object> properties, String property, Object service) {
        var value = properties.get(property);
        var texts = value instanceof String[] several
                ? List.of(several)
                : value instanceof String one ? List.of(one) : List.<String>of();
        if (texts.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is not called: it lacks the service property {1}, the patterns it is for",
                    service.getClass().getName(),
                    property);
        }
        try {
            return texts.stream().map(PathPattern::parse).toList();
        } catch (TegaException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is not called: {1}",
                    service.getClass().getName(),
                    e.getMessage());
            return List.of();
        }
    }

    /** Ends it; the log stays open for whoever comes next. */
    @Deactivate
    public void stop() {
        withdraw();
        db.close();
    }

    private void withdraw() {
        List<ServiceRegistration<?>> offered;
        synchronized (services) {
            stopped = true;
            offered = List.copyOf(services);
        }
        offered.forEach(ServiceRegistration::unregister);
    }
}
