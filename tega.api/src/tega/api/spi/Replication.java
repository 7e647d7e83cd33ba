package tega.api.spi;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Commit;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Source;
import tega.api.Tree;

/** Where the database is kept equal with that of other servers. Nobody's grants are asked here: whoever calls has done that. */
@ProviderType
public interface Replication {
    /** The database at one revision, with what is known about its replication. */
    @ProviderType
    interface Standing {
        /** All of it, ephemeral nodes included. */
        Snapshot snapshot();

        /** What is durable of it. */
        Tree durable();

        /** How far {@code stream} was taken over; revision 0 when nothing was. */
        Source position(String stream);

        /** The ephemeral nodes at or below {@code path}, each with its owner. */
        Map<Path, String> leases(Path path);
    }

    /** How it stands now. */
    Standing standing();

    /**
     * Commits all of them in order, in as few writes to the disk as can be, and returns what became of them, one each. When one
     * fails, this throws why, those before it are committed and those after it are not. One that would change nothing and brings no
     * source is no commit: what is returned has no edits and the last revision.
     */
    List<Commit> commit(List<Foreign> commits);

    /** Has {@code router} asked about the commits of sessions from now on, in place of any other. */
    Registration route(Router router);
}
