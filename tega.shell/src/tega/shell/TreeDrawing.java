package tega.shell;

import java.util.ArrayList;
import java.util.List;
import tega.api.Member;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;

/** A node and what is below it, drawn with lines. */
final class TreeDrawing {
    private final Output output;
    private final int depth;
    private final List<String> lines = new ArrayList<>();

    TreeDrawing(Output output, int depth) {
        this.output = output;
        this.depth = depth;
    }

    /** The lines of the drawing. */
    List<String> of(Path path, Value value) {
        lines.add((path.isEmpty() ? "(all)" : path.toString())
                + text(value, 0, path.toString().length()));
        below(value, "", 0);
        return lines;
    }

    private void below(Value value, String indent, int level) {
        if (!(value instanceof ObjectValue object) || level >= depth) {
            return;
        }
        for (var members = object.iterator(); members.hasNext(); ) {
            var member = members.next();
            var last = !members.hasNext();
            line(member, indent + (last ? "└─ " : "├─ "), level);
            below(member.value(), indent + (last ? "   " : "│  "), level + 1);
        }
    }

    private void line(Member member, String indent, int level) {
        var name = indent + Path.of(member.name());
        lines.add(name + text(member.value(), level + 1, name.length()));
    }

    /** What is said beside a name: a leaf's value, or how much is hidden. */
    private String text(Value value, int level, int used) {
        if (!(value instanceof ObjectValue object)) {
            return ": " + output.brief(value, Math.max(20, output.screen().width() - used - 2));
        }
        return object.isEmpty() ? ": {}" : level < depth ? "" : " … " + object.size();
    }
}
