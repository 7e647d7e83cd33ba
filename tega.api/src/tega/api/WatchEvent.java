package tega.api;

/** What a {@link Watch} gives, in order. */
public sealed interface WatchEvent {
    /** A commit that touches what is watched. */
    record Changed(Change change) implements WatchEvent {}

    /** The watched nodes as they are at {@code revision}; first when the request asked for it. */
    record Initial(long revision, Snapshot snapshot) implements WatchEvent {}

    /** Everything up to {@code revision} has been given, though nothing here changed: a place to resume from. */
    record Progress(long revision) implements WatchEvent {}

    /** What was asked for is no longer kept; the last event. */
    record Compacted(long oldest) implements WatchEvent {}

    /** The reader was too slow; the last event. Resume with {@code since = resume}. */
    record Slow(long resume) implements WatchEvent {}
}
