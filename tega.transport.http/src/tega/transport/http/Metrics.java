package tega.transport.http;

import java.util.Map;
import java.util.TreeMap;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Value;
import tega.api.spi.Inspectable;

/** Figures as text for OpenMetrics 1.0: one family after the other, each sample once. */
final class Metrics {
    private final Map<String, StringBuilder> families = new TreeMap<>();

    /** Numbers become {@code tega_<subject>_<name>}; an object of objects becomes samples with a label. */
    void add(Inspectable part) {
        var prefix = "tega_" + name(part.subject()) + "_";
        sample(
                "tega_up",
                "{part=\"" + label(part.subject()) + "\"}",
                Value.of(part.trouble().isEmpty() ? 1 : 0));
        for (var figure : part.figures()) {
            if (figure.value() instanceof ObjectValue object) {
                labelled(prefix + name(figure.name()), figure.name(), object);
            } else {
                sample(prefix + name(figure.name()), "", figure.value());
            }
        }
    }

    private void labelled(String prefix, String about, ObjectValue object) {
        for (var key : object) {
            var labels = "{" + name(about) + "=\"" + label(key.name()) + "\"}";
            if (key.value() instanceof ObjectValue figures) {
                for (var figure : figures) {
                    sample(prefix + "_" + name(figure.name()), labels, figure.value());
                }
            } else {
                sample(prefix, labels, key.value());
            }
        }
    }

    private void sample(String family, String labels, Value value) {
        String number;
        if (value instanceof NumberValue) {
            number = value.toString();
        } else if (value instanceof BooleanValue truth) {
            number = truth.equals(Value.of(true)) ? "1" : "0";
        } else {
            return;
        }
        families.computeIfAbsent(family, name -> new StringBuilder("# TYPE " + name + " unknown\n"))
                .append(family)
                .append(labels)
                .append(' ')
                .append(number)
                .append('\n');
    }

    String end() {
        return String.join("", families.values()) + "# EOF\n";
    }

    private static String name(String text) {
        var name = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            name.append(fits ? c : '_');
        }
        return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "_" + name : name.toString();
    }

    private static String label(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
