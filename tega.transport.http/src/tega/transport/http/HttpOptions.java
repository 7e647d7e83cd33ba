package tega.transport.http;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tega.api.TegaException;

/** Where the server listens, and its {@linkplain Bound bounds}. Immutable. */
public final class HttpOptions {
    /** The documented port on the loopback address, with bounds for a small machine. */
    public static final HttpOptions DEFAULT = new HttpOptions("127.0.0.1", 8739, List.of(), Map.of());

    private final String bind;
    private final int port;
    private final List<String> origins;
    private final Map<Bound, Long> bounds = new EnumMap<>(Bound.class);

    private HttpOptions(String bind, int port, List<String> origins, Map<Bound, Long> set) {
        this.bind = bind;
        this.port = port;
        this.origins = List.copyOf(origins);
        for (var bound : Bound.values()) {
            bounds.put(bound, set.getOrDefault(bound, bound.standard()));
        }
    }

    /** The same at another address; port 0: any that is free. */
    public HttpOptions at(String address, int number) {
        return new HttpOptions(address, number, origins, bounds);
    }

    /** The same with pages of these sites let in ({@code https://console.example}). */
    public HttpOptions allowing(List<String> sites) {
        return new HttpOptions(bind, port, sites, bounds);
    }

    /** The same with another bound, in bytes, milliseconds or as a number. */
    public HttpOptions with(Bound bound, long number) {
        var changed = new EnumMap<>(bounds);
        changed.put(bound, number);
        return new HttpOptions(bind, port, origins, changed);
    }

    /** The same with bounds as they are typed, joined by commas: {@code body=64M,idle=120s}. */
    public HttpOptions with(String settings) {
        var options = this;
        for (var setting : settings.split(",", -1)) {
            var equals = setting.indexOf('=');
            var word = equals < 0 ? setting : setting.substring(0, equals);
            var bound = Bound.byWord(word.strip())
                    .orElseThrow(() -> new TegaException.Invalid("there is no limit '" + word + "', only "
                            + Stream.of(Bound.values()).map(Bound::word).collect(Collectors.joining(", "))));
            options = options.with(
                    bound,
                    bound.read(equals < 0 ? "" : setting.substring(equals + 1).strip()));
        }
        return options;
    }

    String bind() {
        return bind;
    }

    int port() {
        return port;
    }

    List<String> origins() {
        return origins;
    }

    private int number(Bound bound) {
        return (int) Math.min(Integer.MAX_VALUE, bounds.getOrDefault(bound, bound.standard()));
    }

    private Duration time(Bound bound) {
        return Duration.ofMillis(number(bound));
    }

    int threads() {
        return number(Bound.THREADS);
    }

    int bodyBytes() {
        return number(Bound.BODY);
    }

    int bufferedBytes() {
        return number(Bound.BODIES);
    }

    int headerBytes() {
        return number(Bound.HEADERS);
    }

    int frameBytes() {
        return number(Bound.FRAME);
    }

    int connections() {
        return number(Bound.CONNECTIONS);
    }

    int lasting() {
        return number(Bound.LASTING);
    }

    int subscriptions() {
        return number(Bound.SUBSCRIPTIONS);
    }

    int calls() {
        return number(Bound.CALLS);
    }

    int outboundBytes() {
        return number(Bound.OUTBOUND);
    }

    Duration idle() {
        return time(Bound.IDLE);
    }

    Duration stall() {
        return time(Bound.STALL);
    }

    Duration arrival() {
        return time(Bound.ARRIVAL);
    }

    Duration call() {
        return time(Bound.CALL);
    }

    Duration deadline() {
        return time(Bound.DEADLINE);
    }
}
