package tega.api.spi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Source;

/**
 * What is to be committed at a server though it was made at another one.
 *
 * @param by who made it
 * @param time when it was made; null: it is made now
 * @param origin where it was made; null: it is made here
 * @param kind what it is
 * @param message what its author said about it, or null
 * @param edits what it changes, in order
 * @param notes what was remarked about it
 * @param after how far the stream of the first source must be taken over before it, or else it is in {@code CONFLICT}; null: that
 *     does not matter
 * @param sources where it comes from; how far each stream was taken over when it is committed
 * @param conditions what must hold, or else it is in {@code CONFLICT} or {@code PRECONDITION}
 * @param replica whether it has been decided upon elsewhere, so that neither guards nor limits are asked and what is in its way
 *     gives way; else it is a write like any other
 */
public record Foreign(
        Identity by,
        @Nullable Instant time,
        @Nullable String origin,
        CommitKind kind,
        @Nullable String message,
        List<Edit> edits,
        List<String> notes,
        @Nullable Source after,
        List<Source> sources,
        List<Condition> conditions,
        boolean replica) {

    /** What is expected of a node. */
    public sealed interface Condition {
        /** The node. */
        Path path();
    }

    /** Nothing at or below the node has changed after revision {@code since}; {@code present}: it was there then. */
    public record Unchanged(Path path, boolean present, long since) implements Condition {}

    /** What a transaction expects. */
    public record Expected(Path path, Expectation expectation) implements Condition {}

    /** The lists are copied. */
    public Foreign {
        edits = List.copyOf(edits);
        notes = List.copyOf(notes);
        sources = List.copyOf(sources);
        conditions = List.copyOf(conditions);
    }

    /** A write of {@code by}, made here and now. */
    public static Foreign write(Identity by, List<Edit> edits) {
        return new Foreign(by, null, null, CommitKind.EDIT, null, edits, List.of(), null, List.of(), List.of(), false);
    }

    /** The same with these sources. */
    public Foreign from(@Nullable Source newAfter, List<Source> newSources) {
        return new Foreign(by, time, origin, kind, message, edits, notes, newAfter, newSources, conditions, replica);
    }

    /** The same on other conditions. */
    public Foreign when(List<Condition> newConditions) {
        return new Foreign(by, time, origin, kind, message, edits, notes, after, sources, newConditions, replica);
    }
}
