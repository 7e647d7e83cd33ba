package tega.plugins.openwrt;

import java.time.Instant;

/**
 * When a commit is applied by itself.
 *
 * @param at not before this
 * @param rollout the roll-out that brings it, "" for at once
 */
record Schedule(Instant at, String rollout) {
    /** At once. */
    static final Schedule NOW = new Schedule(Instant.MIN, "");
}
