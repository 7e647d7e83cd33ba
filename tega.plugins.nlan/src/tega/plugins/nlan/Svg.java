package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws a graph: routers on circles, those with most links in the middle, and what is behind each outside of it. */
final class Svg {
    private static final int SIZE = 900;

    private record Spot(double x, double y) {}

    private final Graph graph;
    private final Map<String, Spot> spots = new TreeMap<>();
    private final StringBuilder text = new StringBuilder();

    private Svg(Graph graph) {
        this.graph = graph;
    }

    static String of(Graph graph) {
        return new Svg(graph).draw();
    }

    private String draw() {
        place();
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(SIZE)
                .append(' ')
                .append(SIZE);
        text.append("\" font-family=\"sans-serif\" font-size=\"15\">\n");
        text.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        graph.edges().stream().filter(edge -> !edge.layer().equals("bgp")).forEach(this::edge);
        graph.nodes().values().forEach(this::node);
        return text.append("</svg>\n").toString();
    }

    /** The middle circle has whoever only speaks to routers; the outer one who has hosts. */
    private void place() {
        var inner = new ArrayList<String>();
        var outer = new ArrayList<String>();
        var behind = new TreeMap<String, List<String>>();
        for (var edge : graph.edges()) {
            if (edge.layer().equals("vhost")) {
                var hosts = isHosts(edge.a()) ? edge.a() : edge.b();
                behind.computeIfAbsent(isHosts(edge.a()) ? edge.b() : edge.a(), router -> new ArrayList<>())
                        .add(hosts);
            }
        }
        for (var node : graph.nodes().values()) {
            if (node.kind().equals("router")) {
                (behind.containsKey(node.id()) ? outer : inner).add(node.id());
            }
        }
        circle(inner, 155, 0.5);
        circle(outer, 290, 0.5);
        behind.forEach((router, networks) -> {
            var spot = spots.getOrDefault(router, new Spot(0, 0));
            var angle = Math.atan2(spot.y - SIZE / 2.0, spot.x - SIZE / 2.0);
            for (var i = 0; i < networks.size(); i++) {
                spots.put(networks.get(i), at(angle + (i - (networks.size() - 1) / 2.0) * 0.36, 400));
            }
        });
    }

    private boolean isHosts(String id) {
        var node = graph.nodes().get(id);
        return node != null && node.kind().equals("hosts");
    }

    private void circle(List<String> ids, double radius, double turn) {
        for (var i = 0; i < ids.size(); i++) {
            spots.put(ids.get(i), at(2 * Math.PI * (i + turn) / ids.size() - Math.PI, radius));
        }
    }

    private static Spot at(double angle, double radius) {
        return new Spot(SIZE / 2.0 + radius * Math.cos(angle), SIZE / 2.0 + radius * Math.sin(angle));
    }

    private void edge(Graph.Edge edge) {
        var a = spots.get(edge.a());
        var b = spots.get(edge.b());
        if (a == null || b == null) {
            return;
        }
        text.append("<line x1=\"").append(number(a.x)).append("\" y1=\"").append(number(a.y));
        text.append("\" x2=\"").append(number(b.x)).append("\" y2=\"").append(number(b.y));
        text.append("\" stroke=").append(Graph.colour(edge.state()));
        text.append(edge.layer().equals("vhost") ? " stroke-width=\"1\"" : " stroke-width=\"2.5\"");
        text.append(edge.state().equals("down") ? " stroke-dasharray=\"8 6\"" : "");
        text.append("><title>").append(escaped(edge.id() + " " + edge.state())).append("</title></line>\n");
    }

    private void node(Graph.Node node) {
        var spot = spots.get(node.id());
        if (spot == null) {
            return;
        }
        var isRouter = node.kind().equals("router");
        var width = isRouter ? 92 : 118;
        text.append("<rect x=\"")
                .append(number(spot.x - width / 2.0))
                .append("\" y=\"")
                .append(number(spot.y - 21));
        text.append("\" width=\"")
                .append(width)
                .append("\" height=\"42\" rx=\"")
                .append(isRouter ? 8 : 20);
        text.append("\" fill=\"").append(isRouter ? "#e3eefc" : "#f4f4f4").append("\" stroke=\"#3b4a5a\"/>\n");
        line(spot.x, spot.y - 3, node.label(), "#1d2733", 15);
        line(spot.x, spot.y + 14, node.address(), "#4a5a6a", 12);
    }

    private void line(double x, double y, String words, String colour, int size) {
        text.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        text.append("\" text-anchor=\"middle\" fill=\"")
                .append(colour)
                .append("\" font-size=\"")
                .append(size);
        text.append("\">").append(escaped(words)).append("</text>\n");
    }

    private static String number(double value) {
        return String.valueOf(Math.round(value));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
