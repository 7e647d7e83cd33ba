package tega.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.plugin.Convergence;
import tega.api.plugin.GlobalServer;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Authorizer;
import tega.api.spi.Calls;
import tega.api.spi.Channels;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.Peers;
import tega.api.spi.Replication;
import tega.api.spi.Routes;
import tega.api.spi.Scheduler;
import tega.api.spi.Sessions;
import tega.api.spi.ShellCommand;
import tega.api.spi.TlsContexts;
import tega.api.spi.TlsFiles;
import tega.api.spi.Wire;

/** Has this server take part, as its command line says: as a global one, a local one, or one in between. */
@Component(
        immediate = true,
        service = {Peers.class, Inspectable.class})
public final class SyncComponent implements Peers, Inspectable {
    private final SyncNode node;
    private final AtomicReference<@Nullable Authorizer> authorizer = new AtomicReference<>();
    private final List<ServiceRegistration<?>> services = new ArrayList<>();

    /** Begins; where the options make no sense, the server is told. */
    @Activate
    public SyncComponent(
            BundleContext context,
            @Reference Tega tega,
            @Reference Sessions sessions,
            @Reference Replication replication,
            @Reference CommitLog log,
            @Reference CommitCodec commits,
            @Reference JsonCodec json,
            @Reference Scheduler scheduler,
            @Reference Calls calls,
            @Reference Channels channels,
            @Reference Authorizer present, // without one the database tells nothing, not even what was left here
            @Reference(target = "(tega.fatal=true)", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    Consumer<String> fatal,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL) @Nullable TlsContexts tls) {
        try {
            node = new SyncNode(
                    options(context, tega.serverId()),
                    new SyncNode.Parts(
                            tega,
                            sessions,
                            replication,
                            log,
                            commits,
                            json,
                            scheduler,
                            new SecureRandom(),
                            Authorizer.of(authorizer::get),
                            calls,
                            channels));
            var address = address(context);
            if (address.isPresent()) {
                node.start(new SystemDialer(
                        address.get(),
                        () -> token(context),
                        tls(context, tls),
                        proxy(context),
                        scheduler.background()));
            }
        } catch (TegaException e) {
            if (fatal != null) {
                fatal.accept(e.getMessage());
            }
            throw e;
        }
        var desk = new SyncDesk(node);
        services.add(context.registerService(Routes.class, desk, null));
        services.add(context.registerService(Convergence.class, node.reporting(), null));
        services.add(context.registerService(GlobalServer.class, node.above(), null));
        for (var command : desk.commands()) {
            services.add(context.registerService(ShellCommand.class, command, null));
        }
        desk.handlers()
                .forEach((path, handler) -> services.add(context.registerService(
                        RpcHandler.class, handler, FrameworkUtil.asDictionary(Map.of("tega.rpc", new String[] {path
                        })))));
    }

    private static SyncOptions options(BundleContext context, String id) {
        var config = names(context, "tega.config.roots");
        var operational = names(context, "tega.operational.roots");
        var inMemory = names(context, "tega.volatile.roots");
        for (var root : config) {
            if (operational.contains(root)) {
                throw new TegaException.Invalid(
                        "the root '" + root + "' is given to -C and to -O; it has one home, there or here");
            }
            if (inMemory.contains(root)) {
                throw new TegaException.Invalid(
                        "the root '" + root + "' lives at the global server and cannot be kept in memory only here");
            }
        }
        if (!(config.isEmpty() && operational.isEmpty()) && address(context).isEmpty()) {
            throw new TegaException.Invalid(
                    "-C and -O name roots to share with a global server, but none is given: add -H HOST, or --global URL");
        }
        return SyncOptions.of(id, config, operational)
                .rejecting(names(context, "tega.offline.reject"))
                .notHere(inMemory);
    }

    private static Set<String> names(BundleContext context, String property) {
        return Arrays.stream(text(context, property).split(","))
                .filter(name -> !name.isBlank())
                .collect(Collectors.toSet());
    }

    private static String text(BundleContext context, String property) {
        var value = context.getProperty(property);
        return value == null ? "" : value;
    }

    private static Optional<URI> address(BundleContext context) {
        var url = text(context, "tega.global.url");
        if (!url.isEmpty()) {
            try {
                var uri = URI.create(url.replaceFirst("^http", "ws"));
                if (uri.getHost() != null && List.of("ws", "wss").contains(uri.getScheme())) {
                    return Optional.of(uri.getPath().isEmpty() ? uri.resolve("/") : uri);
                }
            } catch (IllegalArgumentException e) {
                // told below
            }
            throw new TegaException.Invalid("--global takes ws://HOST:PORT or wss://HOST:PORT, not '" + url + "'");
        }
        var host = text(context, "tega.global.host");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        var port = text(context, "tega.global.port");
        var name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return Optional.of(URI.create("ws://" + name + ":" + (port.isEmpty() ? "8739" : port) + "/"));
    }

    /** Read before each connection, so that a new one is shown when the old one has expired. */
    private static @Nullable String token(BundleContext context) {
        var file = text(context, "tega.global.token");
        try {
            return file.isEmpty() ? null : Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the token in " + file + " cannot be read", e);
        }
    }

    private static @Nullable SSLContext tls(BundleContext context, @Nullable TlsContexts contexts) {
        var folder = text(context, "tega.global.tls");
        if (folder.isEmpty()) {
            return null;
        }
        if (contexts == null) {
            throw new TegaException.Unavailable("--global-tls needs tega.access, which is not there");
        }
        var place = Path.of(folder);
        var certificate = place.resolve("client.pem");
        var authority = place.resolve("ca.pem");
        var own = Files.exists(certificate);
        return contexts.open(new TlsFiles(
                        own ? certificate : null,
                        own ? place.resolve("client.key") : null,
                        Files.exists(authority) ? authority : null,
                        null))
                .context();
    }

    private static @Nullable InetSocketAddress proxy(BundleContext context) {
        var proxy = text(context, "tega.global.proxy");
        if (proxy.isEmpty()) {
            return null;
        }
        var colon = proxy.lastIndexOf(':');
        try {
            return new InetSocketAddress(proxy.substring(0, colon), Integer.parseInt(proxy.substring(colon + 1)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new TegaException.Invalid("--proxy takes HOST:PORT, not '" + proxy + "'");
        }
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

    @Override
    public Wire.Listener accept(Identity identity) {
        return node.accept(identity);
    }

    @Override
    public String subject() {
        return node.subject();
    }

    @Override
    public Optional<String> trouble() {
        return node.trouble();
    }

    @Override
    public ObjectValue figures() {
        return node.figures();
    }

    /** Ends all links. */
    @Deactivate
    public void stop() {
        services.forEach(ServiceRegistration::unregister);
        node.close();
    }
}
