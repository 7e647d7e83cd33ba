package tega.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.Picture;
import tega.api.spi.Sink;

/** The smallest store: a tree, and which revisions were applied to it. */
final class TreeSink implements Sink {
    private final List<Long> applied = new ArrayList<>();
    private Tree tree = Tree.EMPTY;
    private long revision;

    Tree tree() {
        return tree;
    }

    List<Long> applied() {
        return applied;
    }

    long revision() {
        return revision;
    }

    @Override
    public void apply(Commit commit) {
        if (commit.revision() <= revision) {
            throw new IllegalStateException(commit.revision() + " after " + revision);
        }
        if (commit.kind() == CommitKind.CLEAR) {
            tree = Tree.EMPTY;
        }
        for (var edit : commit.edits()) {
            if (!edit.ephemeral()) {
                tree = tree.apply(edit, commit.revision());
            }
        }
        revision = commit.revision();
        applied.add(revision);
    }

    @Override
    public void restore(Picture picture) {
        var restored = Tree.EMPTY;
        for (var chunks = picture.chunks(); chunks.hasNext(); ) {
            var chunk = (ObjectValue) chunks.next();
            var root = ((StringValue) chunk.get("root")).text();
            restored = restored.put(Path.of(root), chunk.get("value"), picture.revision());
        }
        tree = restored;
        revision = picture.revision();
        applied.clear();
    }

    @Override
    public Picture freeze() {
        var frozen = tree;
        var at = revision;
        return new Picture() {
            @Override
            public long revision() {
                return at;
            }

            @Override
            public Iterator<Value> chunks() {
                var chunks = new ArrayList<Value>();
                for (var member : frozen.top()) {
                    chunks.add(Value.object("root", Value.of(member.name()), "value", member.value()));
                }
                return chunks.iterator();
            }
        };
    }
}
