package tega.plugins.openwrt.uci;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Two versions of a package beside each other, as the router's own text; sections that are alike are left out. */
public final class UciSideBySide {
    private static final int WIDEST = 60;

    private UciSideBySide() {}

    /**
     * What {@code plan} makes of {@code there}: on the left what the router has, on the right what it will have; {@code |} marks
     * a line that changes, {@code <} one that goes and {@code >} one that comes. Empty when there is nothing to do.
     */
    public static String of(UciPackage there, UciPlan plan) {
        if (plan.isEmpty()) {
            return "";
        }
        var after = UciModel.after(there, plan);
        var ids = new LinkedHashSet<String>();
        there.sections().forEach(section -> ids.add(section.id()));
        after.sections().forEach(section -> ids.add(section.id()));
        var rows = new ArrayList<String[]>();
        for (var id : ids) {
            var left = lines(there, id);
            var right = lines(after, id);
            if (!left.equals(right)) {
                if (!rows.isEmpty()) {
                    rows.add(new String[] {"", " ", ""});
                }
                rows.addAll(paired(left, right));
            }
        }
        if (plan.ops().stream().anyMatch(UciOp.Order.class::isInstance)) {
            rows.add(new String[] {order(there), "|", order(after)});
        }
        var width = Math.min(
                WIDEST, rows.stream().mapToInt(row -> row[0].length()).max().orElse(0));
        var text = new StringBuilder();
        for (var row : rows) {
            text.append(row[0])
                    .append(" ".repeat(Math.max(0, width - row[0].length())))
                    .append(' ')
                    .append(row[1])
                    .append(' ')
                    .append(row[2])
                    .append('\n');
        }
        return text.toString().replaceAll("(?m)[ ]+$", "");
    }

    private static String order(UciPackage uci) {
        return "# order: "
                + String.join(" ", uci.sections().stream().map(UciSection::id).toList());
    }

    private static List<String> lines(UciPackage uci, String id) {
        return uci.sections().stream()
                .filter(section -> section.id().equals(id))
                .findFirst()
                .map(section -> new String(
                                UciWriter.file(new UciPackage(uci.name(), List.of(section))), StandardCharsets.UTF_8)
                        .strip()
                        .replace("\t", "  ")
                        .lines()
                        .toList())
                .orElse(List.of());
    }

    /** The two, alike lines side by side: by the longest common subsequence. */
    private static List<String[]> paired(List<String> left, List<String> right) {
        var common = new int[left.size() + 1][right.size() + 1];
        for (var i = left.size() - 1; i >= 0; i--) {
            for (var j = right.size() - 1; j >= 0; j--) {
                common[i][j] = left.get(i).equals(right.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        var rows = new ArrayList<String[]>();
        var i = 0;
        var j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                rows.add(new String[] {left.get(i++), " ", right.get(j++)});
            } else if (i < left.size()
                    && j < right.size()
                    && common[i + 1][j] == common[i][j]
                    && common[i][j + 1] == common[i][j]
                    && common[i + 1][j + 1] == common[i][j]) {
                rows.add(new String[] {left.get(i++), "|", right.get(j++)});
            } else if (j >= right.size() || (i < left.size() && common[i + 1][j] >= common[i][j + 1])) {
                rows.add(new String[] {left.get(i++), "<", ""});
            } else {
                rows.add(new String[] {"", ">", right.get(j++)});
            }
        }
        return rows;
    }
}
