package tega.plugins.nlan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import tega.api.Change;
import tega.api.Tega;
import tega.api.Value;
import tega.api.plugin.Candidate;
import tega.api.plugin.ChangeListener;
import tega.api.plugin.CommitGuard;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;
import tega.api.plugin.TegaGuard;
import tega.api.plugin.TegaRpc;
import tega.api.plugin.TegaWatch;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;
import tega.api.spi.JsonCodec;
import tega.api.spi.Scheduler;
import tega.api.spi.ShellCommand;
import tega.plugins.net.Applier;
import tega.plugins.net.FrrDaemons;
import tega.plugins.net.Journal;
import tega.plugins.net.Realm;
import tega.plugins.net.SystemKernel;
import tega.plugins.net.Tools;

/** Looks after the labs: at every commit that concerns one, and every five seconds. */
@Component(
        service = {ChangeListener.class, CommitGuard.class, RpcHandler.class, ShellCommand.class},
        immediate = true)
@TegaWatch({"*.Ptn", "*.Router", "*.Vhosts", "*.Interfaces", "*.Dvr", "nlan.labs", "ip"})
@TegaGuard({"*.Ptn", "*.Router", "*.Vhosts", "*.Interfaces", "*.Dvr", "nlan.labs"})
@TegaRpc({
    "plugins.ipam",
    "plugins.template",
    "plugins.ptnbgp",
    "plugins.ptnospf",
    "plugins.fabric",
    "plugins.deploy",
    "plugins.undeploy",
    "plugins.hook",
    "plugins.subnets",
    "plugins.server_client",
    "workflows.ptnbgp",
    "workflows.ptnospf",
    "nlan.lint",
    "nlan.plan",
    "nlan.apply",
    "nlan.rollback",
    "nlan.drift",
    "nlan.probe",
    "nlan.graph"
})
public final class NlanComponent implements ChangeListener, CommitGuard, RpcHandler, ShellCommand {
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Path SOCKETS = Path.of("/run/tega");
    private static final String JOURNAL = ".journal";

    private final BundleContext context;
    private final Scheduler scheduler;
    private final Authorizer authorizer;
    private final Map<String, ServiceRegistration<RpcHandler>> raw = new TreeMap<>();
    private final Labs labs;
    private final LabCalls calls;
    private final NlanCommand command;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<Scheduler.@Nullable Task> round = new AtomicReference<>();

    /** Made by the component runtime. */
    @Activate
    public NlanComponent(
            BundleContext context,
            @Reference Tega tega,
            @Reference Scheduler scheduler,
            @Reference JsonCodec json,
            @Reference Authorizer authorizer) {
        this.context = context;
        this.scheduler = scheduler;
        this.authorizer = authorizer;
        var folder = Path.of(Objects.requireNonNullElse(context.getProperty("tega.data"), "var"))
                .resolve("nlan");
        var tools = new Tools(scheduler.background(), Duration.ofSeconds(60));
        var observer = new Observer(tools, name -> new FrrDaemons(SOCKETS.resolve(name), tools), json);
        labs = new Labs(
                tega,
                name -> {
                    var realm = new Realm(name);
                    var frr = new FrrDaemons(SOCKETS.resolve(name), tools);
                    var kernel = new SystemKernel(realm, tools, frr, json);
                    var journal = new Journal(folder.resolve(name + JOURNAL), json);
                    return new LabKeeper(name, tega, new Applier(realm, kernel, journal));
                },
                observer,
                scheduler.background());
        calls = new LabCalls(tega, labs, observer, tools, json, folder, SOCKETS);
        command = new NlanCommand(calls);
        labs.begin(journals(folder));
        next();
    }

    private static List<String> journals(Path folder) {
        var names = new ArrayList<String>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder, "*" + JOURNAL)) {
                for (var file : files) {
                    var name = String.valueOf(file.getFileName());
                    names.add(name.substring(0, name.length() - JOURNAL.length()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    /** Nothing is looked at any more; the networks stay as they are. */
    @Deactivate
    public void stop() {
        stopped.set(true);
        var last = round.get();
        if (last != null) {
            last.cancel();
        }
    }

    private void next() {
        if (!stopped.get()) {
            round.set(scheduler.after(ROUND, () -> scheduler.background().execute(() -> {
                if (!stopped.get()) {
                    labs.round();
                    offer();
                }
                next();
            })));
        }
    }

    /** A call {@code raw.<router>} for each router that is here, for those who may administer it. */
    private void offer() {
        var routers = labs.posts().keySet();
        synchronized (raw) {
            raw.entrySet().removeIf(old -> {
                if (!routers.contains(old.getKey())) {
                    old.getValue().unregister();
                    return true;
                }
                return false;
            });
            for (var router : routers) {
                if (!raw.containsKey(router) && !stopped.get()) {
                    var path = tega.api.Path.of("raw", router);
                    RpcHandler handler = call -> {
                        authorizer.require(call.by(), Action.ADMIN, path);
                        return calls.call(call);
                    };
                    var properties = FrameworkUtil.asDictionary(Map.of("tega.rpc", path.toString()));
                    raw.put(router, context.registerService(RpcHandler.class, handler, properties));
                }
            }
        }
    }

    @Override
    public void changed(Change change) {
        labs.changed(change);
    }

    @Override
    public void check(Candidate candidate) {
        Labs.guard(candidate);
    }

    @Override
    public Value call(RpcCall call) throws Exception {
        return calls.call(call);
    }

    @Override
    public Syntax syntax() {
        return NlanCommand.SYNTAX;
    }

    @Override
    public Value run(Call call) {
        return command.run(call);
    }
}
