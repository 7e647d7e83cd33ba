package tega.store;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Tree;

/** A confirmed commit inside its window, and what undoing it would still change. */
record PendingCommit(Commit commit, List<Edit> undo) {
    PendingCommit {
        undo = List.copyOf(undo);
    }

    long revision() {
        return commit.revision();
    }

    /** The roots that no other confirmed commit may touch meanwhile. */
    Set<String> roots() {
        return durableRoots(commit.edits());
    }

    /** The same when somebody changes {@code touched} of {@code tree}: that will not be undone. */
    PendingCommit sparing(Path touched, Tree tree) {
        var rest = Undo.without(undo, touched, tree);
        return rest.equals(undo) ? this : new PendingCommit(commit, rest);
    }

    static Set<String> durableRoots(List<Edit> edits) {
        var roots = new LinkedHashSet<String>();
        for (var edit : edits) {
            if (!edit.ephemeral()) {
                roots.add(edit.path().root());
            }
        }
        return roots;
    }
}
