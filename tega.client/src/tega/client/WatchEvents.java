package tega.client;

import java.util.Optional;
import tega.api.Change;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.WatchEvent;

/** What a server tells a watch, read. The snapshots of a change hold the nodes it touched and nothing else. */
final class WatchEvents {
    private WatchEvents() {}

    /** The event of this name; empty when it is one of a later release. */
    static Optional<WatchEvent> event(String name, ObjectValue told) {
        return switch (name) {
            case "change" -> Optional.of(change(told));
            case "initial" -> Optional.of(initial(told));
            case "progress" -> Optional.of(new WatchEvent.Progress(Answers.number(told.get("revision"))));
            case "compacted" -> Optional.of(new WatchEvent.Compacted(Answers.number(told.get("oldest"))));
            case "slow" -> Optional.of(new WatchEvent.Slow(Answers.number(told.get("resume"))));
            default -> Optional.empty();
        };
    }

    /** The revision up to which everything has been told with this event; 0 when it does not say. */
    static long revision(WatchEvent event) {
        if (event instanceof WatchEvent.Changed change) {
            return change.change().commit().revision();
        }
        return event instanceof WatchEvent.Progress progress
                ? progress.revision()
                : event instanceof WatchEvent.Initial initial ? initial.revision() : 0;
    }

    private static WatchEvent change(ObjectValue told) {
        var commit = Answers.commit(told);
        var before = Tree.EMPTY;
        for (var item : Answers.array(told.get("edits"))) {
            var edit = Answers.object(item);
            var previous = edit.get("previous");
            var path = edit.get("path");
            if (previous != null && path != null) {
                before = planted(before, Path.from(path), previous);
            }
        }
        return new WatchEvent.Changed(change(commit, before, told));
    }

    private static Change change(Commit commit, Tree before, ObjectValue told) {
        var after = before;
        for (var edit : commit.edits()) {
            after = edit instanceof Edit.Put put ? planted(after, put.path(), put.value()) : after.apply(edit, 0);
        }
        var skipped = told.get("skipped") instanceof NumberValue number ? (int) number.longValue() : 0;
        return new Change(
                commit,
                commit.edits(),
                new Snapshot(commit.revision() - 1, before, Value.object()),
                new Snapshot(commit.revision(), after, Value.object()),
                skipped);
    }

    /** What is told of a node; where two tell of one place, the first does. */
    private static Tree planted(Tree tree, Path path, Value value) {
        try {
            return tree.put(path, value, 0);
        } catch (TegaException e) {
            return tree;
        }
    }

    private static WatchEvent initial(ObjectValue told) {
        var tree = Tree.EMPTY;
        for (var item : Answers.array(told.get("nodes"))) {
            var node = Answers.object(item);
            var path = Path.from(Answers.present(node.get("path")));
            tree = path.isEmpty() ? tree : planted(tree, path, Answers.present(node.get("value")));
        }
        var at = Answers.number(told.get("revision"));
        return new WatchEvent.Initial(at, new Snapshot(at, tree, Value.object()));
    }
}
