package tega.deploy;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one bundle, by its symbolic name. Immutable.
 *
 * @param name the symbolic name
 * @param stage how far the newest try has come
 * @param active what starts with the server; null: what the distribution has, or nothing
 * @param previous what was active before, or null
 * @param trial what the newest try is or was about, or null
 * @param enabled whether it is started at all
 * @param source where the newest try came from, see {@link Delivery}
 * @param reason what is to be said about the newest try
 * @param since when it came to this stage
 * @param cuts how often the server ended while {@code trial} was on its way
 * @param quarantine digests that are not tried again, each with the reason
 */
record Release(
        String name,
        Stage stage,
        @Nullable Artifact active,
        @Nullable Artifact previous,
        @Nullable Artifact trial,
        boolean enabled,
        String source,
        String reason,
        Instant since,
        int cuts,
        Map<String, String> quarantine) {
    /** The map is copied. */
    Release {
        quarantine = Map.copyOf(quarantine);
    }

    /** One of which nothing is known yet. */
    static Release of(String name, Instant now) {
        return new Release(name, Stage.REMOVED, null, null, null, true, "", "", now, 0, Map.of());
    }

    /** A try begins. */
    Release begin(Artifact candidate, String from, Instant now) {
        var known = trial != null && trial.digest().equals(candidate.digest()) ? cuts : 0;
        return new Release(name, Stage.STAGED, active, previous, candidate, enabled, from, "", now, known, quarantine);
    }

    Release at(Stage next, String why, Instant now) {
        return new Release(name, next, active, previous, trial, enabled, source, why, now, cuts, quarantine);
    }

    /** The trial is over and it stays. */
    Release committed(Instant now) {
        return new Release(
                name,
                Stage.COMMITTED,
                /* active= */ trial,
                /* previous= */ active,
                /* trial= */ null,
                true,
                source,
                "",
                now,
                0,
                without(trial, quarantine));
    }

    /** What the distribution has is active again. */
    Release original(Instant now) {
        return new Release(name, Stage.COMMITTED, null, active, null, true, source, "", now, 0, quarantine);
    }

    /** The server ended while this was on trial. */
    Release cut(String why, Instant now) {
        return new Release(
                name, Stage.ROLLED_BACK, active, previous, trial, enabled, source, why, now, cuts + 1, quarantine);
    }

    Release quarantined(Artifact bad, String why) {
        var more = new TreeMap<>(quarantine);
        more.put(bad.digest(), why);
        return new Release(name, stage, active, previous, trial, enabled, source, reason, since, cuts, more);
    }

    Release released(Artifact artifact) {
        var fewer = without(artifact, quarantine);
        return new Release(name, stage, active, previous, trial, enabled, source, reason, since, 0, fewer);
    }

    Release enabled(boolean on) {
        return new Release(name, stage, active, previous, trial, on, source, reason, since, cuts, quarantine);
    }

    Release removed(Instant now) {
        return new Release(name, Stage.REMOVED, null, null, null, true, source, "", now, 0, quarantine);
    }

    private static Map<String, String> without(@Nullable Artifact artifact, Map<String, String> quarantine) {
        var fewer = new TreeMap<>(quarantine);
        if (artifact != null) {
            fewer.remove(artifact.digest());
        }
        return fewer;
    }
}
