package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.TegaException;

/**
 * The table of all requests, from which they are dispatched and the OpenAPI document is made: those of this bundle, and those
 * that others contribute while they are there. A URL whose first name begins with an underscore is the server's; every other
 * one is a path in the tree.
 */
final class Routes {
    private final List<Route> own;
    private final Map<String, Route> tree;
    private final List<Contribution> contributions = new ArrayList<>();
    private volatile RouteTable table;

    Routes(List<Route> own) {
        this.own = List.copyOf(own);
        this.table = RouteTable.of(this.own);
        this.tree = table.at(Route.TREE);
    }

    /** Serves these too, instead of what is there under the same name. */
    synchronized void add(tega.api.spi.Routes source, Parts parts) {
        contributions.add(Contribution.of(source, parts));
        renew();
    }

    /** Serves them no more. */
    synchronized void remove(tega.api.spi.Routes source) {
        contributions.removeIf(contribution -> contribution.source() == source);
        renew();
    }

    private void renew() {
        var all = new ArrayList<>(own);
        contributions.forEach(contribution -> all.addAll(contribution.routes()));
        table = RouteTable.of(all);
    }

    List<Route> all() {
        return table.all();
    }

    /** The route of a request; {@code NOT_FOUND} for what is the server's and unknown, 405 for another method. */
    Route find(String method, String target) {
        var methods = isOwn(target) ? table.at(trimmed(target)) : tree;
        if (methods.isEmpty()) {
            throw new TegaException.NotFound(
                    "there is no '" + target + "'; names that begin with an underscore are the server's own");
        }
        var route = methods.get(method);
        if (route == null) {
            var possible = String.join(", ", new TreeSet<>(methods.keySet()));
            throw new Refusal(
                    405,
                    ErrorCode.INVALID,
                    method.toUpperCase(Locale.ROOT) + " is not possible here, only " + possible,
                    "Allow",
                    possible);
        }
        return route;
    }

    private static boolean isOwn(@Nullable String target) {
        return target != null
                && target.length() > 1
                && (target.charAt(1) == '_' || target.regionMatches(true, 1, "%5F", 0, 3));
    }

    private static String trimmed(String target) {
        return target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
    }
}
