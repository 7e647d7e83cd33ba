package tega.deploy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/**
 * What is installed, in the tree: {@code system-<id>.releases.<name>}, for history, for watches, for whoever is at another server. The
 * tree follows what is the case; writing to it changes nothing. While there is no database it waits.
 */
final class ReleaseTree {
    private final AtomicReference<@Nullable Tega> tega = new AtomicReference<>();
    private volatile boolean behind = true;

    void bind(Tega part) {
        tega.set(part);
        behind = true;
    }

    void unbind(Tega part) {
        tega.compareAndSet(part, null);
    }

    /** There is something new. */
    void changed() {
        behind = true;
    }

    /** Has the tree say what {@code releases} do, if something has changed. */
    synchronized void follow(List<Release> releases) {
        var database = tega.get();
        if (database == null || !behind) {
            return;
        }
        behind = false;
        try (var transaction = database.begin()) {
            var place = Path.of("system-" + database.serverId(), "releases");
            var differs = false;
            for (var release : releases) {
                var path = place.child(release.name());
                Value value = ReleaseText.value(release);
                if (!database.get(path).filter(value::equals).isPresent()) {
                    transaction.put(path, value);
                    differs = true;
                }
            }
            if (differs) {
                transaction.message("releases").commit();
            }
        } catch (TegaException e) {
            behind = true; // it is tried again at the next turn
        }
    }
}
