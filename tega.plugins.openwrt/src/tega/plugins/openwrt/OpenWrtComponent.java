package tega.plugins.openwrt;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tega.api.Change;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.Candidate;
import tega.api.plugin.ChangeListener;
import tega.api.plugin.CommitGuard;
import tega.api.plugin.GlobalServer;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;
import tega.api.plugin.TegaGuard;
import tega.api.plugin.TegaRpc;
import tega.api.plugin.TegaWatch;
import tega.api.spi.JsonCodec;
import tega.api.spi.Scheduler;
import tega.api.spi.ShellCommand;

/** Looks after the routers: at every commit that concerns one, and every half minute. */
@Component(
        service = {ChangeListener.class, CommitGuard.class, RpcHandler.class, ShellCommand.class},
        immediate = true)
@TegaWatch({"*.openwrt", "config-openwrt.templates", "config-openwrt.rollouts"})
@TegaGuard({"*.openwrt", "config-openwrt.templates", "config-openwrt.rollouts"})
@TegaRpc({
    "openwrt.adopt",
    "openwrt.plan",
    "openwrt.diff",
    "openwrt.apply",
    "openwrt.confirm",
    "openwrt.rollback",
    "openwrt.drift",
    "openwrt.accept",
    "openwrt.reassert",
    "openwrt.origins",
    "openwrt.rollouts",
    "openwrt.resume",
    "openwrt.retry",
    "openwrt.status",
    "openwrt.ubus",
    "openwrt.reboot",
    "openwrt.firmware.check",
    "openwrt.firmware.stage",
    "openwrt.firmware.apply"
})
public final class OpenWrtComponent implements ChangeListener, CommitGuard, RpcHandler, ShellCommand {
    private static final Duration ROUND = Duration.ofSeconds(30);

    /** How many routers are worked with at the same time, beside those of a roll-out. */
    private static final int AT_A_TIME = 16;

    private final Scheduler scheduler;
    private final Routers routers;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Scheduler.@Nullable Task> round = new AtomicReference<>();
    private final Rollouts rollouts;
    private final RouterQueue queue;
    private final OwrtCommand command;
    private final RouterDesk desk;
    private final AtomicReference<@Nullable GlobalServer> above = new AtomicReference<>();

    /** Made by the component runtime. */
    @Activate
    public OpenWrtComponent(
            BundleContext context, @Reference Tega tega, @Reference Scheduler scheduler, @Reference JsonCodec json) {
        this.scheduler = scheduler;
        var data = Path.of(Objects.requireNonNullElse(context.getProperty("tega.data"), "var"));
        var secrets = new Secrets(data.resolve("secrets"), System::getenv);
        var connections = new Connections();
        Function<RouterWish, Ubus> buses = wish -> wish.url().equals(LocalUbus.URL)
                ? new LocalUbus(json, new SystemPrograms(), new LocalFiles(Path.of("/")))
                : new HttpUbus(json, wish.user(), () -> secrets.get(wish.secret()), connections.of(wish.fingerprint()));
        this.routers = new Routers(
                tega,
                name -> new Router(
                        name, tega, buses, scheduler, this::pause, new RoundTrip(above::get, isBelow(context))));
        this.rollouts = new Rollouts(tega, routers, this::background);
        this.queue = new RouterQueue(
                this::background, AT_A_TIME, name -> routers.router(name).reconcile());
        this.command = new OwrtCommand(routers, rollouts);
        this.desk = new RouterDesk(routers, tega, buses, data.resolve("firmware"), scheduler, this::pause, queue::add);
        next();
    }

    private static boolean isBelow(BundleContext context) {
        return Stream.of("tega.global.host", "tega.global.url")
                .map(context::getProperty)
                .anyMatch(property -> property != null && !property.isEmpty());
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindGlobalServer(GlobalServer part) {
        above.set(part);
    }

    void unbindGlobalServer(GlobalServer part) {
        above.compareAndSet(part, null);
    }

    /** No router is worked with any more; what is under way is gone on with by whoever comes next. */
    @Deactivate
    public void stop() {
        stopped.countDown();
        desk.close();
        var last = round.get();
        if (last != null) {
            last.cancel();
        }
    }

    private void pause(Duration duration) throws IOException {
        try {
            if (stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedIOException("the plugin stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void next() {
        if (stopped.getCount() > 0) {
            round.set(scheduler.after(ROUND, () -> {
                lookAfter(routers.names());
                next();
            }));
        }
    }

    private void background(Runnable task) {
        scheduler.background().execute(() -> {
            if (stopped.getCount() > 0) {
                task.run();
            }
        });
    }

    private void lookAfter(Collection<String> names) {
        names.forEach(queue::add);
        background(() -> desk.tend(names));
        background(() -> routers.rollouts(names).forEach(rollouts::look));
    }

    @Override
    public void changed(Change change) {
        var names = change.edits().stream()
                .map(edit -> edit.path().root())
                .filter(root -> root.startsWith("config-"))
                .map(root -> root.substring("config-".length()))
                .collect(Collectors.toSet());
        if (names.remove("openwrt")) {
            names.addAll(routers.names());
        }
        lookAfter(names);
    }

    @Override
    public void check(Candidate candidate) {
        Routers.guard(candidate);
    }

    @Override
    public Value call(RpcCall call) {
        if (call.path().depth() == 3) {
            return desk.firmware(call.path().last(), call.args());
        }
        return switch (call.path().last()) {
            case "resume" -> rollouts.resume(Routers.text(call.args(), 0, "the name of a roll-out"));
            case "retry" -> rollouts.retry(Routers.text(call.args(), 0, "the name of a roll-out"));
            case "rollouts" -> Value.array(rollouts.table());
            default -> routers.call(call);
        };
    }

    @Override
    public Syntax syntax() {
        return OwrtCommand.SYNTAX;
    }

    @Override
    public Value run(Call call) {
        var words = call.plain();
        if (!words.isEmpty() && words.get(0).equals("firmware")) {
            if (words.size() < 2) {
                throw new TegaException.Invalid("'owrt firmware' takes check, stage or apply, and a router");
            }
            return desk.firmware(
                    words.get(1), words.stream().skip(2).<Value>map(Value::of).toList());
        }
        return command.run(call);
    }

    /** For the runtime's listing. */
    @Override
    public String toString() {
        return "openwrt " + Map.of("routers", routers.names());
    }
}
