package tega.store;

import java.util.List;
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
        var workspace = new Workspace(before, after.revision(), null);
        for (var prefix : topmost(patterns)) {
            write(workspace, prefix, before, after);
        }
        return new Change(
                mail.entry().commit(),
                narrowing.of(workspace.edits(), before.visible().tree()),
                before.visible(),
                after.visible(),
                mail.count() - 1);
    }

    /** Ephemeral nodes that are gone, then what is durable, then the ephemeral nodes there are. */
    private static void write(Workspace workspace, Path prefix, State before, State after) {
        for (var lease : leases(before, prefix)) {
            var still = after.leases().covering(lease.path());
            if (!lease.equals(still) && workspace.leases().covering(lease.path()) != null) {
                workspace.deleteEphemeral(lease.path());
            }
        }
        before.durable().diff(after.durable(), prefix).forEach(workspace::replay);
        for (var lease : leases(after, prefix)) {
            var value = after.visible().tree().get(lease.path());
            if (value != null
                    && (!value.equals(workspace.visible().get(lease.path()))
                            || !lease.equals(workspace.leases().covering(lease.path())))) {
                workspace.replay(new Edit.Put(lease.path(), value, lease.owner()));
            }
        }
    }

    /** Those at, below or above {@code path}. */
    private static List<Leases.Lease> leases(State state, Path path) {
        var cover = state.leases().covering(path);
        return cover == null ? state.leases().within(path) : List.of(cover);
    }

    private static List<Path> topmost(List<PathPattern> patterns) {
        var prefixes = patterns.stream().map(PathPattern::prefix).distinct().toList();
        return prefixes.stream()
                .filter(path -> prefixes.stream().noneMatch(other -> !other.equals(path) && path.startsWith(other)))
                .toList();
    }
}
