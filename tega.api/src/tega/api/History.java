package tega.api;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The past of the database. History is never rewritten: going back is a new commit. What is no longer kept is answered with
 * {@code COMPACTED} and the oldest kept revision, what never was with {@code NOT_FOUND}.
 */
@ProviderType
public interface History {
    /** The oldest revision that can be read. */
    long oldest();

    /** The database at {@code revision}; 0 is the empty one when history is kept from the start. */
    Snapshot at(long revision);

    /** The database when {@code root} was at {@code version}; a negative version counts back from the current one. */
    Snapshot at(String root, long version);

    /** The version that {@code root} had when the node at {@code path} of {@code snapshot} last changed. */
    long version(Snapshot snapshot, Path path);

    /** The kept versions of {@code root} before the current one, oldest first; {@code NOT_FOUND} when it never was. */
    List<Long> versions(String root);

    /** At most {@code limit} commits at revision {@code from} or earlier that touched {@code path}, newest first. */
    List<Commit> log(Path path, long from, int limit);

    /** The commit at {@code revision}. */
    Commit commit(long revision);

    /** What turns the subtree at {@code path} as it was at revision {@code from} into what it was at {@code to}. */
    List<Edit> diff(long from, long to, Path path);

    /** For every leaf at or below {@code path}: the commit that last changed it, or null when that is no longer kept. */
    List<Blame> blame(Path path);

    /** Sets {@code root} back to what it was at {@code version}; negative counts back from the current one. */
    Commit rollback(String root, long version);

    /** Undoes the commit at {@code revision}; {@code CONFLICT} naming the paths that later commits changed. */
    Commit revert(long revision);

    /** Gives {@code revision} a name; {@code CONFLICT} when the name is taken. */
    Commit tag(String name, long revision);

    /** The names given to revisions. */
    Map<String, Long> tags();
}
