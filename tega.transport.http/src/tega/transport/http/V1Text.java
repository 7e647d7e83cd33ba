package tega.transport.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/** v1's NOTIFY, byte for byte. */
final class V1Text {
    /** The text of the last commit that somebody saw whole: a thousand watchers of one tree get the same one. */
    private record Last(Commit commit, String text) {}

    private static volatile @Nullable Last last;

    private V1Text() {}

    @SuppressWarnings("ReferenceEquality") // one commit is one object for all who watch it
    static String notify(Change change, List<Edit> view, Tega tega) {
        var commit = change.commit();
        if (commit.kind() == CommitKind.ROLLBACK) {
            return rollback(change, view, tega);
        }
        var known = last;
        var whole = view.equals(commit.edits());
        if (whole && known != null && known.commit() == commit) {
            return known.text();
        }
        var text = notify(commit.by().tegaId(), view, change.before().tree());
        if (whole) {
            last = new Last(commit, text);
        }
        return text;
    }

    /** The edits as seen by somebody who knew {@code before}. */
    static String notify(String tegaId, List<Edit> edits, Tree before) {
        var out = new StringBuilder("NOTIFY\n");
        var separator = '[';
        for (var edit : edits) {
            out.append(separator);
            separator = ',';
            Object instance;
            if (edit instanceof Edit.Put put) {
                instance = put.value();
                out.append("{\"ope\":\"PUT\",\"path\":");
            } else {
                var removed = before.get(edit.path());
                instance = removed == null ? Value.NULL : removed;
                out.append("{\"ope\":\"DELETE\",\"path\":");
            }
            out.append(Value.of(edit.path().toString()));
            out.append(",\"tega_id\":").append(Value.of(tegaId));
            out.append(",\"instance\":").append(instance).append('}');
        }
        return out.append(']').toString();
    }

    /** One entry for each root, told as so many versions back. */
    private static String rollback(Change change, List<Edit> view, Tega tega) {
        var commit = change.commit();
        var out = new StringBuilder("NOTIFY\n");
        var separator = '[';
        for (var root : view.stream().map(edit -> edit.path().root()).distinct().toList()) {
            out.append(separator);
            separator = ',';
            out.append("{\"ope\":\"ROLLBACK\",\"path\":")
                    .append(Value.of(Path.of(root).toString()));
            out.append(",\"tega_id\":").append(Value.of(commit.by().tegaId()));
            out.append(",\"instance\":null,\"backto\":")
                    .append(back(change, root, tega))
                    .append('}');
        }
        return out.append(']').toString();
    }

    private static long back(Change change, String root, Tega tega) {
        var before = change.before().version(root).orElse(0);
        try {
            return tega.history().at(change.commit().refersTo()).version(root).orElse(0) - before;
        } catch (TegaException e) {
            // What it went back to is no longer kept; that it went back is what matters.
            return -1;
        }
    }
}
