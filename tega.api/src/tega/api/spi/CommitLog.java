package tega.api.spi;

import java.util.Iterator;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Commit;

/**
 * The one order of all commits, and their durability. A batch of proposals goes in, one receipt for each comes back when the
 * commit is durable <em>and</em> the {@link Sink} has applied it. The sequence is dense and tega's own: a commit's revision is
 * its place in it. The log on this machine's disk is one provider; a replicated log can be another.
 */
@ProviderType
public interface CommitLog extends AutoCloseable {
    /**
     * Brings {@code sink} up to date: restores the newest valid picture, then applies every commit after it. Called before
     * anything else; called again it starts over with another sink, as if closed in order meanwhile, and so does opening it
     * after {@link #close()}. {@code DAMAGED} with file and offset when what is stored cannot be trusted, {@code UNAVAILABLE} when
     * another process holds it.
     */
    Recovery open(Sink sink);

    /**
     * Appends commits with consecutive revisions, the first being {@link #last()} + 1, in one go: one write, one sync. Blocks;
     * one caller at a time. Commits are applied to the sink in order, on the calling thread or another, before this returns.
     * An {@link Commit#ephemeral() ephemeral} commit, and one that {@link Proposal#durable()} says is not to be kept, takes
     * its place in the sequence but leaves no content on disk; its revision is never given out again, not even after a crash.
     */
    List<Receipt> append(List<Proposal> batch);

    /** The revision of the last commit. */
    long last();

    /**
     * The oldest revision whose state can still be rebuilt from {@link #pictures()} and {@link #read}; 0 when all commits are
     * kept, the last revision before a {@link #clear()} when all since then are.
     */
    long oldest();

    /** The largest encoded commit it takes, in bytes. */
    int maxPayload();

    /** Commits from {@code revision} on in order, as of now; close it. {@code COMPACTED} when it is no longer kept. */
    Reader read(long revision);

    /** The revisions of the pictures on disk, oldest first. */
    List<Long> pictures();

    /** A picture on disk; {@code NOT_FOUND} when there is none of that revision. */
    Picture picture(long revision);

    /** Writes a picture now and returns its revision when it is durable; writers are not stopped. */
    long snapshot();

    /** Drops what retention no longer keeps; at least everything needed for revisions from {@code needed} on stays. */
    void compact(long needed);

    /**
     * Forgets everything up to {@link #last()}, durably; the next revision is still {@link #last()} + 1. What the sink holds is
     * left to its owner. {@code UNAVAILABLE} when nothing was cleared, {@code UNKNOWN_OUTCOME} when that is not known.
     */
    void clear();

    /** How it is. */
    LogHealth health();

    /** Syncs and gives up the disk. */
    @Override
    void close();

    /** Commits one after the other. */
    @ProviderType
    interface Reader extends Iterator<Commit>, AutoCloseable {
        @Override
        void close();
    }
}
