package tega.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.plugin.ChangeListener;
import tega.api.plugin.CommitGuard;
import tega.api.plugin.MessageListener;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Authorizer;
import tega.api.spi.Calls;
import tega.api.spi.Channels;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.Routes;
import tega.api.spi.Sessions;
import tega.api.spi.ShellCommand;
import tega.api.spi.Shells;

/**
 * The shell inside the server: the commands for Gogo, and on a thread of its own either the console of the terminal or the
 * commands of {@code -c}. Quitting either stops the framework.
 */
@Component(
        immediate = true,
        service = {})
public final class ShellComponent {
    private static final Duration READY = Duration.ofSeconds(5);

    private final BundleContext context;
    private final LocalServer server;
    private final JsonCodec json;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final ServiceRegistration<Routes> routes;
    private final ServiceRegistration<Shells> shells;
    private final List<ServiceRegistration<?>> functions = new ArrayList<>();
    private final Map<ShellCommand, ServiceRegistration<?>> added = new ConcurrentHashMap<>();
    private final Thread thread;

    /** Starts. */
    @Activate
    public ShellComponent(BundleContext context, @Reference Sessions sessions, @Reference JsonCodec json) {
        this.context = context;
        this.json = json;
        var identity = Identity.console(System.getProperty("user.name", "operator"), "shell");
        var authorizer = Authorizer.of(() -> service(Authorizer.class));
        var contributions = new Contributions(this::contributed, authorizer);
        var neighbours = new LocalServer.Neighbours(
                () -> service(CommitLog.class),
                () -> service(Calls.class),
                () -> service(Channels.class),
                authorizer,
                contributions,
                this::parts,
                this::plugins);
        server = server(identity, sessions, neighbours);
        var seated = new SeatedShell(by -> server(by, sessions, neighbours), json);
        shells = context.registerService(Shells.class, seated, null);
        routes = context.registerService(Routes.class, new CommandRoutes(contributions), null);
        register();
        thread = new Thread(this::run, "tega-shell");
        thread.setDaemon(true);
        if (commands() || terminal()) {
            thread.start();
        }
    }

    private static LocalServer server(Identity by, Sessions sessions, LocalServer.Neighbours neighbours) {
        return new LocalServer(by, () -> sessions.open(by, Sessions.TTL), neighbours);
    }

    private boolean commands() {
        return context.getProperty("tega.command") != null;
    }

    private boolean terminal() {
        return Boolean.parseBoolean(context.getProperty("tega.shell"));
    }

    /** The transport serves: the line that says so comes before the first prompt. */
    @Reference(
            target = "(tega.ready=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "servesNoLonger")
    void serves(URI address) {
        ready.countDown();
    }

    /** The console goes on; what it asks for is answered when the transport is back. */
    void servesNoLonger(URI address) {
        // to be told is all that the runtime asks
    }

    /** Another bundle's command is one of Gogo's too. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void add(ShellCommand command) {
        var name = command.syntax().name();
        if (!GogoFunction.NAMES.contains(name)) {
            added.put(command, offer(name, GogoFunction.of(name, server, json)));
        }
    }

    void remove(ShellCommand command) {
        var function = added.remove(command);
        if (function != null) {
            withdraw(function);
        }
    }

    /** What the framework was quicker to withdraw, because the bundle stops, is withdrawn. */
    private static void withdraw(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // it is gone, which is all that was wanted
        }
    }

    /** Stops the console, if it runs. */
    @Deactivate
    void stop() {
        withdraw(shells);
        withdraw(routes);
        functions.forEach(ShellComponent::withdraw);
        added.values().forEach(ShellComponent::withdraw);
        thread.interrupt();
        server.close();
    }

    private void register() {
        for (var name : GogoFunction.NAMES) {
            functions.add(offer(name, GogoFunction.of(name, server, json)));
        }
        for (var filter : Filter.NAMES) {
            functions.add(offer(filter, GogoFunction.filter(filter)));
        }
    }

    private ServiceRegistration<?> offer(String name, Function function) {
        var properties = Map.of(CommandProcessor.COMMAND_SCOPE, "tega", CommandProcessor.COMMAND_FUNCTION, name);
        return context.registerService(Function.class, function, FrameworkUtil.asDictionary(properties));
    }

    private void run() {
        var commands = context.getProperty("tega.command");
        var other = new Gogo(() -> service(CommandProcessor.class));
        var workspace = new Workspace(server, json, Format.YAML);
        try (workspace) {
            if (commands != null) {
                awaitBundles();
                end(Script.of(commands, workspace, utf8(FileDescriptor.out), utf8(FileDescriptor.err), other)
                        .run(false));
            } else if (terminal()) {
                var unused = ready.await(READY.toMillis(), TimeUnit.MILLISECONDS);
                TerminalConsole.run(workspace, other);
                end(true);
            }
        } catch (IOException e) {
            System.getLogger("tega.shell")
                    .log(System.Logger.Level.WARNING, "the terminal cannot be used, tega runs without a shell: " + e);
        } catch (InterruptedException e) {
            // the bundle stops
        }
    }

    /** What commands of {@code -c} may ask for is there, and is not stopped while it still starts. */
    private void awaitBundles() throws InterruptedException {
        var unusedReady = ready.await(READY.toMillis(), TimeUnit.MILLISECONDS);
        var started = new CountDownLatch(1);
        BundleListener listener = event -> {
            if (allStarted()) {
                started.countDown();
            }
        };
        context.addBundleListener(listener);
        try {
            if (!allStarted()) {
                var unused = started.await(READY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            context.removeBundleListener(listener);
        }
    }

    private boolean allStarted() {
        return Arrays.stream(context.getBundles())
                .allMatch(bundle -> bundle.getState() == Bundle.ACTIVE
                        || bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Stops the framework, unless it is stopping this bundle already. */
    private void end(boolean well) {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        if (!well) {
            System.setProperty("tega.exit", "1");
        }
        try {
            context.getBundle(0).stop();
        } catch (BundleException e) {
            throw new TegaException.Internal("the framework cannot be stopped", e);
        }
    }

    private <T> @Nullable T service(Class<T> type) {
        var reference = context.getServiceReference(type);
        return reference == null ? null : context.getService(reference);
    }

    /** What other bundles add, the highest ranking first; those of {@code -c} may come before all bundles have. */
    private List<ShellCommand> contributed() {
        if (Thread.currentThread() == thread && commands()) {
            try {
                var unused = ready.await(READY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return references(ShellCommand.class).stream()
                .sorted(Comparator.reverseOrder())
                .map(context::getService)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<Inspectable> parts() {
        var parts = new ArrayList<Inspectable>();
        for (var reference : references(Inspectable.class)) {
            var part = context.getService(reference);
            if (part != null) {
                parts.add(part);
            }
        }
        parts.sort(Comparator.comparing(Inspectable::subject));
        return parts;
    }

    /** The bundles that contribute something a plugin contributes. */
    private Map<String, String> plugins() {
        var plugins = new TreeMap<String, String>();
        for (var type : List.of(RpcHandler.class, ChangeListener.class, MessageListener.class, CommitGuard.class)) {
            for (var reference : references(type)) {
                var bundle = reference.getBundle();
                if (bundle != null) {
                    plugins.put(bundle.getSymbolicName(), "local");
                }
            }
        }
        return plugins;
    }

    private <T> Collection<ServiceReference<T>> references(Class<T> type) {
        try {
            return context.getServiceReferences(type, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // there is no filter that could be malformed
        }
    }
}
