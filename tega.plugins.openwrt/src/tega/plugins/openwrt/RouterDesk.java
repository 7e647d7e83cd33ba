package tega.plugins.openwrt;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Scheduler;

/** What is done with routers beside their configuration: their events are heard, and their firmware is renewed. */
final class RouterDesk implements AutoCloseable {
    private final Routers routers;
    private final Tega tega;
    private final Function<RouterWish, Ubus> buses;
    private final Path folder;
    private final Scheduler scheduler;
    private final Pause pause;
    private final Consumer<String> attention;
    private final Map<String, RouterEvents> events = new ConcurrentHashMap<>();
    private final Map<String, Firmware> firmware = new ConcurrentHashMap<>();

    /**
     * @param folder where images are
     * @param attention has the router of a name looked after
     */
    RouterDesk(
            Routers routers,
            Tega tega,
            Function<RouterWish, Ubus> buses,
            Path folder,
            Scheduler scheduler,
            Pause pause,
            Consumer<String> attention) {
        this.routers = routers;
        this.tega = tega;
        this.buses = buses;
        this.folder = folder;
        this.scheduler = scheduler;
        this.pause = pause;
        this.attention = attention;
    }

    private @Nullable RouterWish wish(String name) {
        try {
            var wish = routers.router(name).wish();
            return wish.enabled() ? wish : null;
        } catch (TegaException e) {
            return null;
        }
    }

    /** Hears of those that are looked after and of no others, and goes on with what is under way. */
    void tend(Collection<String> names) {
        for (var name : names) {
            if (wish(name) == null) {
                var gone = events.remove(name);
                if (gone != null) {
                    gone.close();
                }
            } else {
                events.computeIfAbsent(
                                name,
                                one -> new RouterEvents(
                                        () -> wish(one),
                                        buses,
                                        new RouterRecord(tega, one),
                                        scheduler,
                                        () -> attention.accept(one)))
                        .tend();
            }
            renewal(name).tend();
        }
    }

    private Firmware renewal(String name) {
        return firmware.computeIfAbsent(
                name, one -> new Firmware(routers.router(one), new RouterRecord(tega, one), folder, scheduler, pause));
    }

    /** Answers {@code openwrt.firmware.VERB}: the router, then the image or the release. */
    Value firmware(String verb, List<Value> args) {
        var renewal = renewal(Routers.text(args, 0, "the name of a router"));
        return switch (verb) {
            case "check" -> renewal.check(Routers.text(args, 1, "the name of an image"));
            case "stage" -> renewal.stage(Routers.text(args, 1, "the name of an image"));
            case "apply" ->
                renewal.apply(args.size() > 1 && args.get(1) instanceof StringValue release ? release.text() : "");
            default -> throw new TegaException.NotFound("there is no 'firmware " + verb + "'");
        };
    }

    @Override
    public void close() {
        events.values().forEach(RouterEvents::close);
    }
}
