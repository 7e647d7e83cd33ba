package tega.transport.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.Change;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.TegaException;

/** v1's SYNC: what a client has missed of some roots, a NOTIFY for each commit, in order. */
final class CatchUp {
    private static final int MOST = 10_000;

    private CatchUp() {}

    /** {@code held} says which version of each root the client has, -1 for none. */
    static List<String> missed(Tega tega, ObjectValue held) {
        var wanted = new LinkedHashMap<String, Long>();
        for (var root : held) {
            if (!(root.value() instanceof NumberValue version)) {
                throw new TegaException.Invalid("SYNC tells the version held of each root, a number; -1 for none");
            }
            wanted.put(root.name(), version.longValue());
        }
        var texts = new ArrayList<String>();
        var commits = new TreeMap<Long, Commit>();
        wanted.forEach((root, version) -> {
            if (!collect(tega, root, version, commits)) {
                whole(tega, root, texts);
            }
        });
        for (var commit : commits.values()) {
            tell(tega, commit, wanted, texts);
        }
        return texts;
    }

    /** Adds what {@code root} went through after {@code version}; false when some of it is no longer kept. */
    private static boolean collect(Tega tega, String root, long version, Map<Long, Commit> commits) {
        var now = tega.snapshot().version(root);
        if (now.isEmpty()) {
            return true;
        }
        if (now.getAsLong() < version || now.getAsLong() - version > MOST) {
            return false;
        }
        var found = new ArrayList<Commit>();
        try {
            for (var commit : tega.history().log(Path.of(root), Long.MAX_VALUE, MOST)) {
                var reached = commit.versions().get(root);
                if (reached != null && reached > version) {
                    found.add(commit);
                }
            }
        } catch (TegaException.Compacted e) {
            return false;
        }
        if (found.size() < now.getAsLong() - version) {
            return false;
        }
        found.forEach(commit -> commits.put(commit.revision(), commit));
        return true;
    }

    /** All of a root, for a client whose version is too old to be brought up step by step. */
    private static void whole(Tega tega, String root, List<String> texts) {
        var snapshot = tega.snapshot();
        var path = Path.of(root);
        snapshot.get(path)
                .ifPresent(value ->
                        texts.add(V1Text.notify(tega.serverId(), List.of(Edit.put(path, value)), snapshot.tree())));
    }

    private static void tell(Tega tega, Commit commit, Map<String, Long> wanted, List<String> texts) {
        var before = tega.history().at(commit.revision() - 1);
        var after = tega.history().at(commit.revision());
        var change = new Change(commit, commit.edits(), before, after, 0);
        var interests = new Interests();
        wanted.keySet().forEach(root -> interests.add(root, PathPattern.subtree(Path.of(root)), 0));
        var view = interests.view(change);
        if (!view.isEmpty()) {
            texts.add(V1Text.notify(change, view, tega));
        }
    }
}
