package tega.transport.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tega.api.Change;
import tega.api.Edit;
import tega.api.Path;
import tega.api.PathPattern;

/** What one v1 client subscribes to, and what of a commit concerns it: each edit once, however many subscriptions it meets. */
final class Interests {
    /** One subscription: its pattern, and the revision after which it counts. */
    private record Interest(PathPattern pattern, long from) {}

    private final Map<String, Interest> interests = new LinkedHashMap<>();

    synchronized boolean add(String name, PathPattern pattern, long from) {
        return interests.putIfAbsent(name, new Interest(pattern, from)) == null;
    }

    synchronized boolean remove(String name) {
        return interests.remove(name) != null;
    }

    synchronized int size() {
        return interests.size();
    }

    synchronized List<String> names() {
        return List.copyOf(interests.keySet());
    }

    /** The longest path at or above everything subscribed; empty when nothing is. */
    synchronized Optional<Path> common() {
        Path common = null;
        for (var interest : interests.values()) {
            var prefix = interest.pattern().prefix();
            common = common == null ? prefix : common(common, prefix);
        }
        return Optional.ofNullable(common);
    }

    private static Path common(Path a, Path b) {
        var depth = 0;
        while (depth < a.depth() && depth < b.depth() && a.name(depth).equals(b.name(depth))) {
            depth++;
        }
        return a.first(depth);
    }

    /** The edits of {@code change} as they concern this client: as written, or narrowed where it watches only part of them. */
    List<Edit> view(Change change) {
        Collection<Interest> all;
        synchronized (this) {
            all = List.copyOf(interests.values());
        }
        var revision = change.commit().revision();
        var view = new ArrayList<Edit>();
        for (var edit : change.commit().edits()) {
            var narrowed = new LinkedHashSet<Path>();
            var whole = false;
            for (var interest : all) {
                if (interest.from() < revision && !whole) {
                    whole = meets(interest.pattern(), edit.path(), narrowed, change);
                }
            }
            if (whole) {
                view.add(edit);
            } else {
                narrow(edit, narrowed, change, view);
            }
        }
        return view;
    }

    /** Whether the edit is at or below what is meant; else the nodes below it that are meant are added to {@code narrowed}. */
    private static boolean meets(PathPattern pattern, Path edited, Set<Path> narrowed, Change change) {
        for (var depth = 0; depth <= edited.depth(); depth++) {
            if (pattern.matches(edited.first(depth))) {
                return true;
            }
        }
        if (pattern.isExact()) {
            if (pattern.prefix().startsWith(edited)) {
                narrowed.add(pattern.prefix());
            }
            return false;
        }
        Nodes.below(change.after().tree(), pattern, edited, (path, value) -> narrowed.add(path));
        Nodes.below(change.before().tree(), pattern, edited, (path, value) -> narrowed.add(path));
        return false;
    }

    private static void narrow(Edit edit, Set<Path> paths, Change change, List<Edit> view) {
        for (var path : paths) {
            if (paths.stream().anyMatch(other -> !other.equals(path) && path.startsWith(other))) {
                continue;
            }
            var before = change.before().get(path);
            var after = change.after().get(path);
            if (after.isPresent()) {
                if (!Objects.equals(before, after)) {
                    var owner = edit instanceof Edit.Put put ? put.owner() : null;
                    view.add(new Edit.Put(path, after.get(), owner));
                }
            } else if (before.isPresent()) {
                view.add(new Edit.Delete(path, edit.ephemeral()));
            }
        }
    }
}
