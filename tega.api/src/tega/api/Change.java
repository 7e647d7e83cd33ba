package tega.api;

import java.util.List;
import java.util.Optional;

/**
 * One commit as a watcher sees it.
 *
 * @param commit the commit, whole
 * @param edits the part of it that the watch is about: an edit above a watched node is narrowed to that node
 * @param before the database before it
 * @param after the database after it
 * @param skipped how many commits are combined in this one besides {@code commit} (state mode), else 0
 */
public record Change(Commit commit, List<Edit> edits, Snapshot before, Snapshot after, int skipped) {
    /** The list is copied. */
    public Change {
        edits = List.copyOf(edits);
    }

    /** The value at the edit's path before this change. */
    public Optional<Value> previous(Edit edit) {
        return before.get(edit.path());
    }

    /** Whether the edit made a node that was not there. */
    public boolean created(Edit edit) {
        return edit instanceof Edit.Put && before.tree().get(edit.path()) == null;
    }
}
