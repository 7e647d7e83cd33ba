package tega.api.plugin;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tree;

/** A commit that has not happened yet. */
@ProviderType
public interface Candidate {
    /** Who wants it. */
    Identity by();

    /** What it would change: the edits that concern the guard. */
    List<Edit> edits();

    /** The database without it. */
    Tree before();

    /** The database with it. */
    Tree after();

    /** Refuses it: {@code sentence} says what is wrong at {@code path} and what would be accepted. */
    void refuse(Path path, String sentence);

    /** Lets it pass with a remark that is kept in the commit. */
    void note(Path path, String sentence);
}
