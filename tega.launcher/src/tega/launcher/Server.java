package tega.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** The framework with its bundles, from the first to the last; knows none of them by name. */
final class Server {
    /** A stop that was asked for takes no longer than this, whatever a bundle does. */
    private static final long STOP_MILLIS = 1_800;

    /** After this long without an address to serve, the person waiting is told what is missing. */
    private static final long PATIENCE_MILLIS = 30_000;

    private static final String READY = "(&(" + Constants.OBJECTCLASS + "=java.net.URI)(tega.ready=true))";

    /** Who looks for plugins when it is run. */
    private static final String PLUGINS = "(tega.reload=true)";

    private final Framework framework;
    private final Ending ending;
    private final Aftermath aftermath;
    private final CompletableFuture<URI> served = new CompletableFuture<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private CompletableFuture<Void> announced = started;

    Server(Map<String, String> properties, Ending ending, Aftermath aftermath) throws StartException {
        this.aftermath = aftermath;
        this.framework = new FrameworkFactory().newFramework(properties);
        this.ending = ending;
        try {
            framework.init();
        } catch (BundleException e) {
            throw new StartException("the framework cannot start", e);
        }
    }

    /** Calls once with the base address, as soon as it is served and the plugins were started. */
    void whenReady(Consumer<URI> told) {
        BundleContext context = framework.getBundleContext();
        announced = served.thenAcceptBoth(started, (address, nothing) -> told.accept(address));
        try {
            context.addServiceListener(
                    event -> {
                        if (event.getType() == ServiceEvent.REGISTERED && !served.isDone()) {
                            served.complete((URI) context.getService(event.getServiceReference()));
                        }
                    },
                    READY);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // the filter is a constant
        }
    }

    /** Starts the bundles of the distribution, each of which must start; then whoever looks after plugins starts those. */
    void start(List<Path> bundles) throws StartException {
        BundleContext context = framework.getBundleContext();
        Consumer<String> fatal = this::fail;
        context.registerService(Consumer.class, fatal, FrameworkUtil.asDictionary(Map.of("tega.fatal", true)));
        try {
            framework.start();
            List<Bundle> installed = new ArrayList<>();
            for (Path jar : bundles) {
                installed.add(install(jar));
            }
            for (Bundle bundle : installed) {
                if (isStopping()) {
                    return; // a bundle had all it needed, and is done: commands of -c need no transport
                }
                bundle.start();
            }
        } catch (BundleException | IllegalStateException e) {
            if (isStopping()) {
                return;
            }
            throw new StartException("a bundle of the server cannot start", e);
        }
        startPlugins(context);
        started.complete(null);
    }

    private boolean isStopping() {
        int state = framework.getState();
        return state != Bundle.ACTIVE && state != Bundle.STARTING;
    }

    private void startPlugins(BundleContext context) {
        try {
            for (ServiceReference<Runnable> reference : context.getServiceReferences(Runnable.class, PLUGINS)) {
                Runnable reload = context.getService(reference);
                if (reload != null) {
                    reload.run();
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // the filter is a constant
        } catch (IllegalStateException e) {
            if (!isStopping()) {
                throw e;
            }
        }
    }

    private Bundle install(Path jar) throws BundleException {
        // by reference: the jar is read where it lies, not copied into the cache at each start
        return framework.getBundleContext().installBundle("reference:" + jar.toUri());
    }

    /**
     * A bundle says it cannot go on; the stop is another thread's, for this one may hold locks of the bundle's. Once the server was
     * ready that is a build being exchanged, or what waits for one: it is told, and whoever exchanges it takes it back.
     */
    private void fail(String line) {
        if (announced.isDone()) {
            System.err.println("tega: " + line);
            return;
        }
        ending.fail(line);
        aftermath.begin();
        try {
            framework.stop();
        } catch (BundleException e) {
            ending.fail("the framework does not stop: " + e.getMessage());
        }
    }

    /** Blocks until the framework has stopped, whoever stopped it. */
    void await() throws InterruptedException {
        FrameworkEvent event = framework.waitForStop(PATIENCE_MILLIS);
        if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT && !announced.isDone()) {
            System.err.println("tega: not ready yet; waiting for " + missing());
        }
        framework.waitForStop(0);
    }

    /** Stops and waits for the end, but not for longer than a person would. */
    void stop() {
        try {
            framework.stop();
            framework.waitForStop(STOP_MILLIS);
        } catch (BundleException e) {
            ending.fail("the framework does not stop: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The bundles that run without offering a service, for a person to look at. */
    private String missing() {
        List<String> silent = new ArrayList<>();
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            ServiceReference<?>[] services = bundle.getRegisteredServices();
            if (bundle.getHeaders().get("Service-Component") != null && services == null) {
                silent.add(bundle.getSymbolicName());
            }
        }
        return silent.isEmpty() ? "the transport" : String.join(", ", silent);
    }
}
