package tega.transport.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All routes there are at one moment. Immutable. */
final class RouteTable {
    private final List<Route> all;
    private final Map<String, Map<String, Route>> byPath = new HashMap<>();
    /** Those with names in braces. */
    private final List<Template> templates = new ArrayList<>();

    private RouteTable(Map<String, Route> byCall) {
        all = List.copyOf(byCall.values());
        for (var route : all) {
            byPath.computeIfAbsent(route.path(), path -> new HashMap<>()).put(route.method(), route);
        }
        byPath.forEach((path, methods) -> {
            var get = methods.get("GET");
            if (get != null) {
                methods.put("HEAD", get);
            }
            if (path.indexOf('{') >= 0 && !path.equals(Route.TREE)) {
                templates.add(new Template(path));
            }
        });
    }

    /** Of two for one call the later counts. */
    static RouteTable of(List<Route> routes) {
        var byCall = new LinkedHashMap<String, Route>();
        routes.forEach(route -> byCall.put(route.method() + " " + route.path(), route));
        return new RouteTable(byCall);
    }

    List<Route> all() {
        return all;
    }

    /** The routes of a path as it is in a URL, by method; empty when there are none. */
    Map<String, Route> at(String path) {
        var exact = byPath.get(path);
        if (exact != null) {
            return exact;
        }
        for (var template : templates) {
            if (template.matches(path)) {
                return byPath.getOrDefault(template.text(), Map.of());
            }
        }
        return Map.of();
    }
}
