package tega.api.spi;

/** What became of a {@link Proposal}. */
public sealed interface Receipt {
    /** It is durable and applied. */
    record Appended(long revision) implements Receipt {}

    /** It was surely not appended, and nothing changed: not the leader, disk full, shutting down. Trying later can help. */
    record Refused(String reason) implements Receipt {}

    /** It was surely not appended: its encoding exceeds {@link CommitLog#maxPayload()}. */
    record TooLarge(int bytes, int maximum) implements Receipt {}

    /** Whether it was appended is not known; repeating it under the same id is safe. */
    record Unknown(String reason) implements Receipt {}
}
