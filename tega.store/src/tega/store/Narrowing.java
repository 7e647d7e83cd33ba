package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tree;
import tega.api.Value;

/**
 * The part of a commit that concerns somebody. An edit at or below a node that is meant stays as it was written; one above
 * becomes, for this somebody only, edits of the nodes that are meant: set to their part of the value, or deleted with it.
 */
final class Narrowing {
    private final List<PathPattern> patterns;

    Narrowing(List<PathPattern> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** The edits that concern; {@code before} is the tree that the first of {@code edits} was applied to. */
    List<Edit> of(List<Edit> edits, Tree before) {
        if (edits.size() == 1 && isMeant(edits.get(0).path())) {
            return edits;
        }
        var narrowed = new ArrayList<Edit>();
        var tree = before;
        var applied = 0;
        for (var i = 0; i < edits.size(); i++) {
            var edit = edits.get(i);
            if (isMeant(edit.path())) {
                narrowed.add(edit);
            } else if (mayConcernBelow(edit.path())) {
                while (applied < i) {
                    tree = tree.apply(edits.get(applied++), before.stamp() + 1);
                }
                below(edit, tree, narrowed);
            }
        }
        return narrowed;
    }

    /** Whether {@code path} is at or below a node that is meant. */
    boolean isMeant(Path path) {
        for (var pattern : patterns) {
            if (pattern.isExact()) {
                if (path.startsWith(pattern.prefix())) {
                    return true;
                }
            } else if (path.startsWith(pattern.prefix())) {
                for (var depth = pattern.prefix().depth(); depth <= path.depth(); depth++) {
                    if (pattern.matches(path.first(depth))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean mayConcernBelow(Path path) {
        for (var pattern : patterns) {
            if (pattern.prefix().overlaps(path)) {
                return true;
            }
        }
        return false;
    }

    private void below(Edit edit, Tree tree, List<Edit> narrowed) {
        var path = edit.path();
        var edits = new TreeMap<Path, Edit>();
        walk(path, tree.get(path), (at, value) -> edits.put(at, new Edit.Delete(at, edit.ephemeral())));
        if (edit instanceof Edit.Put put) {
            walk(path, put.value(), (at, value) -> edits.put(at, new Edit.Put(at, value, put.owner())));
        }
        narrowed.addAll(edits.values());
    }

    private interface Visitor {
        void meant(Path path, Value value);
    }

    /** Visits the topmost nodes below {@code path} that are meant. */
    private void walk(Path path, @Nullable Value value, Visitor visitor) {
        if (!(value instanceof ObjectValue object)) {
            return;
        }
        var next = onlyName(path);
        if (next != null) {
            var member = object.get(next);
            if (member != null) {
                visit(path.child(next), member, visitor);
            }
            return;
        }
        for (var member : object) {
            visit(path.child(member.name()), member.value(), visitor);
        }
    }

    private void visit(Path path, Value value, Visitor visitor) {
        if (isMeant(path)) {
            visitor.meant(path, value);
        } else if (mayConcernBelow(path)) {
            walk(path, value, visitor);
        }
    }

    /** The one member of {@code path} at or below which anything can be meant, or null when there may be several. */
    private @Nullable String onlyName(Path path) {
        if (patterns.size() != 1) {
            return null;
        }
        var prefix = patterns.get(0).prefix();
        return prefix.depth() > path.depth() && prefix.startsWith(path) ? prefix.name(path.depth()) : null;
    }
}
