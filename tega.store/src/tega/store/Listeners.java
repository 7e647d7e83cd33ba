package tega.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tega.api.ErrorCode;
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
        var sentences = troubles().map(ListenerPump.Trouble::sentence).toList();
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", sentences));
    }

    @Override
    public ErrorCode code() {
        return troubles().map(ListenerPump.Trouble::code).findFirst().orElse(ErrorCode.UNAVAILABLE);
    }

    private Stream<ListenerPump.Trouble> troubles() {
        return pumps.stream().flatMap(pump -> pump.trouble().stream());
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
