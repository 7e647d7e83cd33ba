package tega.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.Value;
import tega.api.plugin.ChangeListener;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;

/** The listeners there are, and how they fare: the subject {@code watchers} of diagnosis. */
final class Listeners implements Inspectable {
    private final Store store;
    private final List<ListenerPump> pumps = new CopyOnWriteArrayList<>();

    Listeners(Store store) {
        this.store = store;
    }

    Registration add(String name, Sight sight, List<PathPattern> patterns, ChangeListener listener) {
        var pump = new ListenerPump(store, name, sight, patterns, listener);
        pumps.add(pump);
        return () -> {
            pumps.remove(pump);
            pump.close();
        };
    }

    void close() {
        pumps.forEach(ListenerPump::close);
        pumps.clear();
    }

    @Override
    public String subject() {
        return "watchers";
    }

    @Override
    public Optional<String> trouble() {
        return pumps.stream().flatMap(pump -> pump.trouble().stream()).findFirst();
    }

    @Override
    public ObjectValue figures() {
        var each = ObjectValue.builder();
        for (var pump : pumps) {
            each.put(pump.name(), pump.figures());
        }
        return ObjectValue.builder()
                .put("watchers", Value.of(store.dispatcher().size()))
                .put("failed_signals", Value.of(store.dispatcher().failedSignals()))
                .put("listeners", each.build())
                .build();
    }
}
