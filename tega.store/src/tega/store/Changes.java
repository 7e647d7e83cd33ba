package tega.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.Edit;
import tega.api.Path;
import tega.api.PathPattern;

/** Commits as watchers see them. */
final class Changes {
    private Changes() {}

    /** One commit. */
    static Change one(Chronicle.Entry entry, Narrowing narrowing) {
        var before = entry.before().visible();
        return new Change(
                entry.commit(),
                narrowing.of(entry.commit().edits(), before.tree()),
                before,
                entry.after().visible(),
                0);
    }

    /** Several commits as one: what makes the last state of the first. */
    static Change many(Mailbox.Mail mail, List<PathPattern> patterns, Narrowing narrowing) {
        var before = mail.before();
        var after = mail.entry().after();
        var edits = new ArrayList<Edit>();
        for (var prefix : topmost(patterns)) {
            for (var edit : before.visible().tree().diff(after.visible().tree(), prefix)) {
                edits.add(owned(edit, before, after));
            }
        }
        return new Change(
                mail.entry().commit(),
                narrowing.of(edits, before.visible().tree()),
                before.visible(),
                after.visible(),
                mail.count() - 1);
    }

    private static List<Path> topmost(List<PathPattern> patterns) {
        var prefixes = patterns.stream().map(PathPattern::prefix).distinct().toList();
        return prefixes.stream()
                .filter(path -> prefixes.stream().noneMatch(other -> !other.equals(path) && path.startsWith(other)))
                .toList();
    }

    /** A difference of two trees does not know what is ephemeral; the states do. */
    private static Edit owned(Edit edit, State before, State after) {
        var path = edit.path();
        if (edit instanceof Edit.Put put) {
            var lease = after.leases().covering(path);
            return lease == null ? edit : new Edit.Put(path, put.value(), lease.owner());
        }
        return isDurable(path, before) ? edit : new Edit.Delete(path, true);
    }

    private static boolean isDurable(Path path, @Nullable State state) {
        return state == null || state.durable().get(path) != null;
    }
}
