package tega.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.api.Blame;
import tega.api.Commit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** Who made each leaf what it is, as one session may see it. */
record Blaming(Store store, Sight sight) {
    List<Blame> blame(Path path) {
        var tree = store.state().durable();
        var value =
                sight.get(tree, path).orElseThrow(() -> new TegaException.NotFound(path, "there is no '" + path + "'"));
        var leaves = new TreeMap<Path, Value>();
        leaves(path, value, leaves);
        var revisions = new TreeSet<Long>();
        leaves.keySet().forEach(leaf -> revisions.add(tree.stamp(leaf)));
        var commits = commits(revisions);
        var blames = new ArrayList<Blame>();
        leaves.forEach((leaf, leafValue) -> {
            var revision = tree.stamp(leaf);
            blames.add(new Blame(leaf, leafValue, revision, commits.get(revision)));
        });
        return blames;
    }

    private static void leaves(Path path, Value value, Map<Path, Value> leaves) {
        if (value instanceof ObjectValue object && !object.isEmpty()) {
            object.forEach(member -> leaves(path.child(member.name()), member.value(), leaves));
        } else {
            leaves.put(path, value);
        }
    }

    /** The commits of these revisions, as far as they are kept, in one reading. */
    private Map<Long, Commit> commits(TreeSet<Long> revisions) {
        var found = new HashMap<Long, Commit>();
        var missing = new TreeSet<Long>();
        for (var revision : revisions) {
            var entry = store.chronicle().get(revision);
            if (entry == null) {
                missing.add(revision);
            } else {
                found.put(
                        revision,
                        sight.of(entry.commit(), entry.before().visible().tree()));
            }
        }
        var oldest = store.oldest();
        @Nullable Long next = missing.higher(oldest);
        if (next == null) {
            return found;
        }
        try (var commits = store.log().read(next)) {
            while (commits.hasNext()) {
                var commit = commits.next();
                if (missing.contains(commit.revision())) {
                    found.put(commit.revision(), sight.of(StoreHistory.whole(store, commit), null));
                }
                if (commit.revision() >= missing.last()) {
                    break;
                }
            }
        }
        return found;
    }
}
