package tega.transport.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.TegaException;

/**
 * The table of all requests, from which they are dispatched and the OpenAPI document is made. A URL whose first name begins
 * with an underscore is the server's; every other one is a path in the tree.
 */
final class Routes {
    private final List<Route> all;
    private final Map<String, Map<String, Route>> byPath = new HashMap<>();
    private final Map<String, Route> tree;

    Routes(List<Route> all) {
        this.all = List.copyOf(all);
        for (var route : all) {
            byPath.computeIfAbsent(route.path(), path -> new TreeMap<>()).put(route.method(), route);
        }
        for (var methods : byPath.values()) {
            var get = methods.get("GET");
            if (get != null) {
                methods.put("HEAD", get);
            }
        }
        tree = Map.copyOf(byPath.getOrDefault(Route.TREE, Map.of()));
    }

    List<Route> all() {
        return all;
    }

    /** The route of a request; {@code NOT_FOUND} for what is the server's and unknown, 405 for another method. */
    Route find(String method, String target) {
        var own = isOwn(target);
        var methods = own ? byPath.get(trimmed(target)) : tree;
        if (methods == null) {
            throw new TegaException.NotFound(
                    "there is no '" + target + "'; names that begin with an underscore are the server's own");
        }
        var route = methods.get(method);
        if (route == null) {
            throw new Refusal(
                    405,
                    ErrorCode.INVALID,
                    method + " is not possible here, only "
                            + String.join(", ", new java.util.TreeSet<>(methods.keySet())),
                    "Allow",
                    String.join(", ", new java.util.TreeSet<>(methods.keySet())));
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
