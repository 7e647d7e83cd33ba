package tega.sync;

import java.time.Duration;
import java.util.Set;

/**
 * How a server takes part.
 *
 * @param id its id
 * @param config the roots that live at the server above
 * @param operational the roots that live here and are sent up
 * @param rejecting of the roots that live elsewhere, those that may not be written while their home is out of reach
 * @param notHere roots that cannot be replicas here: those kept in memory only
 * @param ttl how long ephemeral nodes of another server stay when it is out of reach
 * @param timing of links
 */
public record SyncOptions(
        String id,
        Set<String> config,
        Set<String> operational,
        Set<String> rejecting,
        Set<String> notHere,
        Duration ttl,
        Timing timing) {
    /**
     * The rhythm of a link.
     *
     * @param ping so often the lower server asks whether the other is there, when it is
     * @param patience so long it waits for an answer
     * @param silence when nothing came for so long, the upper one gives the link up
     * @param retry the first wait before connecting again
     * @param longest the longest wait
     */
    public record Timing(Duration ping, Duration patience, Duration silence, Duration retry, Duration longest) {
        /** A question and an answer every 30 s: a frame in 15 s. */
        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(70),
                Duration.ofMillis(200),
                Duration.ofSeconds(15));
    }

    /** The sets are copied. */
    public SyncOptions {
        config = Streams.inOrder(config);
        operational = Streams.inOrder(operational);
        rejecting = Set.copyOf(rejecting);
        notHere = Set.copyOf(notHere);
    }

    /** A server {@code id} with everything as usual. */
    public static SyncOptions of(String id, Set<String> config, Set<String> operational) {
        return new SyncOptions(id, config, operational, Set.of(), Set.of(), Duration.ofSeconds(10), Timing.DEFAULT);
    }

    /** The same where {@code roots} may not be written while their home is out of reach. */
    public SyncOptions rejecting(Set<String> roots) {
        return new SyncOptions(id, config, operational, roots, notHere, ttl, timing);
    }

    /** The same where {@code roots} are kept in memory only. */
    public SyncOptions notHere(Set<String> roots) {
        return new SyncOptions(id, config, operational, rejecting, roots, ttl, timing);
    }

    /** The same with another rhythm. */
    public SyncOptions timing(Timing newTiming) {
        return new SyncOptions(id, config, operational, rejecting, notHere, ttl, newTiming);
    }

    /** The same with another TTL. */
    public SyncOptions ttl(Duration newTtl) {
        return new SyncOptions(id, config, operational, rejecting, notHere, newTtl, timing);
    }
}
