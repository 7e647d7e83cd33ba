package tega.transport.http;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tega.api.TegaException;
import tega.api.spi.Access;
import tega.api.spi.Authenticator;
import tega.api.spi.Authorizer;
import tega.api.spi.BindPolicy;
import tega.api.spi.Calls;
import tega.api.spi.Channels;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.Peers;
import tega.api.spi.Routes;
import tega.api.spi.Scheduler;
import tega.api.spi.Sessions;
import tega.api.spi.ShellCommand;
import tega.api.spi.TlsContexts;
import tega.api.spi.TlsFiles;

/** Listens from the first moment, and says that the server is ready when the parts it needs have come. */
@Component(
        service = {},
        immediate = true)
public final class HttpComponent {
    private static final Set<String> PLUGIN_SERVICES = Set.of(
            "tega.api.plugin.RpcHandler",
            "tega.api.plugin.ChangeListener",
            "tega.api.plugin.MessageListener",
            "tega.api.plugin.CommitGuard");

    private final BundleContext context;
    private final Consumer<String> fatal;
    private final Parts parts = new Parts();
    private final List<ServiceRegistration<ShellCommand>> commands = new ArrayList<>();
    private final HttpServer server;
    private final @Nullable TlsFiles files;
    private boolean active;
    private boolean hasKeys;
    private boolean listening;
    private boolean refused;
    private volatile @Nullable Access access;
    private @Nullable ServiceRegistration<URI> ready;
    private @Nullable ServiceRegistration<Inspectable> inspectable;

    /** Made by the component runtime. */
    @Activate
    @SuppressWarnings("unchecked") // whoever offers tega.fatal takes text
    public HttpComponent(BundleContext context, @Reference(target = "(tega.fatal=true)") Consumer<?> fatal) {
        this.context = context;
        this.fatal = (Consumer<String>) fatal;
        parts.plugins(this::plugins);
        this.files = files(context, this.fatal);
        this.server = files == null
                ? new HttpServer(options(context, this.fatal), parts)
                : HttpServer.secured(options(context, this.fatal), parts, files.authorities() != null);
    }

    private static HttpOptions options(BundleContext context, Consumer<String> fatal) {
        var bind = context.getProperty("tega.bind");
        var origins = context.getProperty("tega.http.origins");
        var port = context.getProperty("tega.port");
        var limits = context.getProperty("tega.limits");
        var options = HttpOptions.DEFAULT
                .at(
                        bind == null ? HttpOptions.DEFAULT.bind() : bind,
                        port == null ? HttpOptions.DEFAULT.port() : Integer.parseInt(port))
                .allowing(origins == null || origins.isEmpty() ? List.of() : List.of(origins.split(",")));
        try {
            return limits == null ? options : options.with(limits);
        } catch (TegaException e) {
            fatal.accept(e.getMessage());
            return options;
        }
    }

    /** The files for TLS; null when none is asked for. */
    private static @Nullable TlsFiles files(BundleContext context, Consumer<String> fatal) {
        var place = context.getProperty("tega.tls");
        try {
            return place == null ? null : TlsFiles.at(Path.of(place), System.getenv("TEGA_TLS_PASSWORD"));
        } catch (TegaException e) {
            fatal.accept(e.getMessage());
            return null;
        }
    }

    @Activate
    void activate() {
        synchronized (this) {
            active = true;
            // what this bundle knows alone; whoever knows better, as the one that synchronises does, ranks higher
            var rank = FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, -1));
            server.commands()
                    .forEach(command -> commands.add(context.registerService(ShellCommand.class, command, rank)));
        }
        start();
    }

    /** Listens as soon as it can: with TLS, when there are keys. */
    private void start() {
        synchronized (this) {
            if (!active || listening || (files != null && !hasKeys) || !mayListen()) {
                return;
            }
            try {
                server.start();
            } catch (TegaException e) {
                fatal.accept(e.getMessage());
                return;
            }
            listening = true;
            inspectable = context.registerService(Inspectable.class, server.inspectable(), null);
        }
        announce();
    }

    /** Whether it may be reached from where it is about to be; when it may not, the server says why and ends. */
    private boolean mayListen() {
        var bind = context.getProperty("tega.bind");
        var address = bind == null ? HttpOptions.DEFAULT.bind() : bind;
        var insecure = Boolean.parseBoolean(context.getProperty("tega.insecure"));
        var known = access;
        var authorities = files != null && files.authorities() != null;
        var policy =
                new BindPolicy(address, files != null, authorities || (known != null && known.hasTokens()), insecure);
        var refusal = policy.refusal();
        if (refusal.isPresent()) {
            if (known != null && !refused) {
                refused = true;
                fatal.accept(refusal.get());
            }
            return false; // as long as nobody knows of tokens, it waits
        }
        if (policy.isRisk()) {
            System.getLogger("tega.transport.http")
                    .log(
                            System.Logger.Level.WARNING,
                            "anybody who reaches {0} may do everything: tega was started with --insecure",
                            address);
        }
        return true;
    }

    @Deactivate
    void stop() {
        synchronized (this) {
            active = false;
            listening = false;
            withdraw(ready);
            withdraw(inspectable);
            commands.forEach(HttpComponent::withdraw);
            commands.clear();
            ready = null;
            inspectable = null;
        }
        server.close();
    }

    private static void withdraw(@Nullable ServiceRegistration<?> registration) {
        if (registration != null) {
            registration.unregister();
        }
    }

    private synchronized void announce() {
        if (listening && ready == null && parts.ready()) {
            var properties = FrameworkUtil.asDictionary(Map.of("tega.ready", true));
            ready = context.registerService(URI.class, server.uri(), properties);
        }
    }

    /** The bundles that have registered something for tega to call. */
    private Map<String, String> plugins() {
        var plugins = new TreeMap<String, String>();
        for (var bundle : context.getBundles()) {
            var services = bundle.getRegisteredServices();
            for (var i = 0; services != null && i < services.length; i++) {
                for (var name : (String[]) services[i].getProperty("objectClass")) {
                    if (PLUGIN_SERVICES.contains(name)) {
                        plugins.put(bundle.getSymbolicName(), "local");
                    }
                }
            }
        }
        return plugins;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindJson(JsonCodec part) {
        parts.json.fill(part);
        announce();
    }

    void unbindJson(JsonCodec part) {
        parts.json.empty(part);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindSessions(Sessions part) {
        parts.sessions.fill(part);
        server.exchanged();
        announce();
    }

    void unbindSessions(Sessions part) {
        parts.sessions.empty(part);
        server.exchanged();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindScheduler(Scheduler part) {
        parts.scheduler.fill(part);
        announce();
    }

    void unbindScheduler(Scheduler part) {
        parts.scheduler.empty(part);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindLog(CommitLog part) {
        parts.log.fill(part);
    }

    void unbindLog(CommitLog part) {
        parts.log.empty(part);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindCalls(Calls part) {
        parts.calls.fill(part);
        server.exchanged();
    }

    void unbindCalls(Calls part) {
        parts.calls.empty(part);
        server.exchanged();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindChannels(Channels part) {
        parts.channels.fill(part);
        server.exchanged();
    }

    void unbindChannels(Channels part) {
        parts.channels.empty(part);
        server.exchanged();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindPeers(Peers part) {
        parts.peers.fill(part);
    }

    void unbindPeers(Peers part) {
        parts.peers.empty(part);
    }

    @Reference(
            target = "(tega.reload=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void bindReload(Runnable part) {
        parts.reload.fill(part);
    }

    void unbindReload(Runnable part) {
        parts.reload.empty(part);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindInspectable(Inspectable part) {
        parts.add(part);
    }

    void unbindInspectable(Inspectable part) {
        parts.remove(part);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindAccess(Access part) {
        access = part;
        start();
    }

    void unbindAccess(Access part) {
        // what it has said of tokens counts until there is another
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindAuthenticator(Authenticator part) {
        parts.authenticator.fill(part);
        server.exchanged();
        announce();
    }

    void unbindAuthenticator(Authenticator part) {
        parts.authenticator.empty(part);
        server.exchanged();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindAuthorizer(Authorizer part) {
        parts.authorizer.fill(part);
        announce();
    }

    void unbindAuthorizer(Authorizer part) {
        parts.authorizer.empty(part);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindRoutes(Routes contribution) {
        server.add(contribution);
    }

    void unbindRoutes(Routes contribution) {
        server.remove(contribution);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindTls(TlsContexts part) {
        if (files == null) {
            return;
        }
        try {
            server.use(part.open(files));
        } catch (TegaException e) {
            fatal.accept(e.getMessage());
            return;
        }
        synchronized (this) {
            hasKeys = true;
        }
        start();
    }

    /** What was opened stays in use. */
    void unbindTls(TlsContexts part) {}
}
