package tega.api;

import org.jspecify.annotations.Nullable;

/**
 * Who last changed a leaf.
 *
 * @param path the leaf
 * @param value its value
 * @param revision the revision that last changed it
 * @param commit the commit of that revision, or null when it is no longer kept
 */
public record Blame(
        Path path, Value value, long revision, @Nullable Commit commit) {}
