package tega.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import tega.api.ObjectValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;
import tega.api.plugin.TegaRpc;
import tega.api.spi.Authorizer;
import tega.api.spi.Inspectable;
import tega.api.spi.Routes;
import tega.api.spi.ShellCommand;

/**
 * Looks after the bundles that are installed beside the distribution. It needs no other part of tega, so that it can exchange each:
 * the doors and the tree come and go under it. Folders are looked at from the first time somebody calls the service {@code
 * tega.reload}, which the launcher does when all the rest has been started.
 */
@Component(
        service = {RpcHandler.class, Inspectable.class},
        immediate = true)
@TegaRpc({
    DeployCalls.LIST,
    DeployCalls.WHY,
    DeployCalls.STAGE,
    DeployCalls.INSTALL,
    DeployCalls.ROLLBACK,
    DeployCalls.REMOVE,
    DeployCalls.ENABLE,
    DeployCalls.DISABLE
})
public final class DeployComponent implements RpcHandler, Inspectable {
    private static final Duration BEAT = Duration.ofMillis(300);

    private final Time time = new SystemTime();
    private final AtomicReference<@Nullable Authorizer> authorizer = new AtomicReference<>();
    private final ReleaseTree tree = new ReleaseTree();
    private final boolean mirrored;
    private final Deployer deployer;
    private final DropFolders folders;
    private final DeployCalls calls;
    private final List<ServiceRegistration<?>> services = new ArrayList<>();
    private final Thread watch = new Thread(this::watch, "tega-deploy");
    private volatile boolean stopped;
    private boolean begun;

    /** Made by the component runtime. */
    @Activate
    public DeployComponent(
            BundleContext context,
            @Reference(target = "(tega.fatal=true)", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    Consumer<String> fatal) {
        var home = Path.of(text(context, "tega.home", "."));
        var disk = new SystemDisk(Path.of(text(context, "tega.data", "var"), "releases"));
        mirrored = Boolean.parseBoolean(text(context, "tega.deploy.tree", "true"));
        try {
            deployer = new Deployer(
                    disk,
                    new Ledger(disk, text(context, "tega.distribution", "")),
                    new FrameworkComponent(context, components(context), originals(home.resolve("bundles"))),
                    new Trust(home.resolve("etc/keys"), Trust.Policy.of(context.getProperty("tega.deploy.signatures"))),
                    time,
                    Patience.USUAL.with(
                            context.getProperty("tega.deploy.patience"), context.getProperty("tega.deploy.window")),
                    tree::changed);
        } catch (TegaException e) {
            if (fatal != null) {
                fatal.accept(e.getMessage());
            }
            throw e;
        }
        Executor trials = DeployComponent::trial;
        folders = new DropFolders(places(context), deployer, trials);
        var desk = new Desk(deployer, folders, new Uploads(disk), trials);
        var levels = new LogLevels();
        calls = new DeployCalls(desk, Authorizer.of(authorizer::get));
        DeployCommands.all(desk, levels)
                .forEach(command -> services.add(context.registerService(ShellCommand.class, command, null)));
        services.add(context.registerService(Routes.class, new DeployRoutes(desk, levels), null));
        var reload = FrameworkUtil.asDictionary(Map.of("tega.reload", true));
        services.add(context.registerService(Runnable.class, this::reload, reload));
    }

    /** Whoever makes this component offers it; as a requirement of the bundle it takes the resolver minutes to find that out. */
    private static ServiceComponentRuntime components(BundleContext context) {
        var reference = Objects.requireNonNull(context.getServiceReference(ServiceComponentRuntime.class));
        return Objects.requireNonNull(context.getService(reference));
    }

    private static String text(BundleContext context, String name, String usual) {
        return Objects.requireNonNullElse(context.getProperty(name), usual);
    }

    private static List<Path> places(BundleContext context) {
        return Arrays.stream(text(context, "tega.plugins.folders", "").split(","))
                .filter(place -> !place.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** The leaves that the distribution has, by name: jars of tega's are called by name and version. */
    private static Map<String, Path> originals(Path bundles) {
        var originals = new TreeMap<String, Path>();
        try (var jars = Files.newDirectoryStream(bundles, "tega.*.jar")) {
            for (var jar : jars) {
                originals.put(String.valueOf(jar.getFileName()).replaceFirst("-\\d.*$", ""), jar);
            }
        } catch (IOException e) {
            // Without a distribution around it there is nothing to go back to.
        }
        return originals;
    }

    private static void trial(Runnable task) {
        var thread = new Thread(task, "tega-deploy-trial");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts what is installed, once, and looks into the folders. */
    private void reload() {
        synchronized (services) {
            if (!begun) {
                begun = true;
                deployer.startInstalled();
                folders.scan(true);
                watch.setDaemon(true);
                watch.start();
                return;
            }
        }
        folders.scan(false);
    }

    private void watch() {
        while (!stopped) {
            try {
                folders.scan(false);
                deployer.tick();
                if (mirrored) {
                    tree.follow(deployer.releases());
                }
            } catch (RuntimeException e) {
                System.getLogger("tega.deploy").log(System.Logger.Level.WARNING, "a look into the folders failed", e);
            }
            time.pause(BEAT);
        }
    }

    /** What is on trial stays so, and is taken back at the next start. */
    @Deactivate
    public void stop() {
        stopped = true;
        watch.interrupt();
        services.forEach(ServiceRegistration::unregister);
    }

    @Override
    public Value call(RpcCall call) {
        return calls.call(call);
    }

    @Override
    public String subject() {
        return "plugins";
    }

    @Override
    public Optional<String> trouble() {
        var faults = folders.faults();
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", faults.keySet())
                        + " in the plugin folders cannot be taken; 'plugins' says why");
    }

    @Override
    public ObjectValue figures() {
        var releases = deployer.releases();
        return ObjectValue.builder()
                .put(
                        "installed",
                        Value.of(releases.stream()
                                .filter(known -> known.active() != null)
                                .count()))
                .put(
                        "on_trial",
                        Value.of(releases.stream()
                                .filter(known -> known.stage().onTrial())
                                .count()))
                .put(
                        "quarantined",
                        Value.of(releases.stream()
                                .mapToLong(known -> known.quarantine().size())
                                .sum()))
                .build();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindTega(Tega part) {
        tree.bind(part);
    }

    void unbindTega(Tega part) {
        tree.unbind(part);
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
}
