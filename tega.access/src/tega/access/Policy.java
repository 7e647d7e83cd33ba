package tega.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tega.api.Extent;
import tega.api.Path;
import tega.api.spi.Action;

/** What the register comes down to: for each name the grants that count for it, made ready when it is first asked about. */
final class Policy {
    /** Names come from certificates too, so that there is no telling how many there will be. */
    private static final int MOST_NAMES = 10_000;

    private final Register register;
    private final AccessOptions options;
    private final Map<String, Permissions> byName = new ConcurrentHashMap<>();

    Policy(Register register, AccessOptions options) {
        this.register = register;
        this.options = options;
    }

    Register register() {
        return register;
    }

    Extent extent(String author, Action action, Path path) {
        return permissions(author).extent(action, path);
    }

    Permissions permissions(String author) {
        var known = byName.get(author);
        if (known != null) {
            return known;
        }
        if (byName.size() >= MOST_NAMES) {
            byName.clear();
        }
        return byName.computeIfAbsent(author, this::collect);
    }

    /**
     * The console may do everything, and so may the server itself. So may plugins, which run in the same process, and those who are let in though they show
     * nothing, until they are given grants of their own. Everybody else may do what they were granted.
     */
    private Permissions collect(String author) {
        if (Name.isMaster(author)) {
            return Permissions.EVERYTHING;
        }
        var grants = register.grantsOf(author);
        var open = Name.isPlugin(author)
                || (author.equals(Name.LOCAL) && options.loopback())
                || (author.equals(Name.ANONYMOUS) && options.insecure());
        return open && grants.isEmpty() ? Permissions.EVERYTHING : Permissions.of(grants);
    }
}
