package tega.shell;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/** Rows under a heading, in columns as wide as they must be. */
final class Table {
    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    /** An empty heading is not drawn. */
    Table(List<String> heading) {
        this.heading = List.copyOf(heading);
    }

    /** Adds a row. */
    Table row(Object... cells) {
        var row = new ArrayList<String>();
        for (var cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    /** Whether the first line is a heading. */
    boolean hasHeading() {
        return !heading.isEmpty();
    }

    /**
     * A value as a table: objects of objects and arrays of objects become a row each with a column for every name, other
     * objects two columns, all else one cell.
     */
    static Table of(Value value) {
        if (value instanceof ArrayValue array) {
            return ofRows(null, array.items());
        }
        if (value instanceof ObjectValue object) {
            var names = new ArrayList<String>();
            var items = new ArrayList<Value>();
            for (var member : object) {
                names.add(member.name());
                items.add(member.value());
            }
            if (!items.isEmpty() && items.stream().allMatch(ObjectValue.class::isInstance)) {
                return ofRows(names, items);
            }
            var table = new Table(List.of());
            for (var member : object) {
                table.row(member.name(), cell(member.value()));
            }
            return table;
        }
        return new Table(List.of()).row(cell(value));
    }

    private static Table ofRows(@Nullable List<String> names, List<Value> items) {
        var columns = new LinkedHashSet<String>();
        for (var item : items) {
            if (item instanceof ObjectValue object) {
                object.forEach(member -> columns.add(member.name()));
            }
        }
        var heading = new ArrayList<String>();
        if (names != null) {
            heading.add("");
        }
        heading.addAll(columns);
        var table = new Table(columns.isEmpty() ? List.of() : heading);
        for (var i = 0; i < items.size(); i++) {
            var row = new ArrayList<String>();
            if (names != null) {
                row.add(names.get(i));
            }
            if (items.get(i) instanceof ObjectValue object) {
                for (var column : columns) {
                    var cell = object.get(column);
                    row.add(cell == null ? "" : cell(cell));
                }
            } else {
                row.add(cell(items.get(i)));
            }
            table.row(row.toArray());
        }
        return table;
    }

    private static String cell(Value value) {
        return value instanceof StringValue string && string.text().lines().count() == 1
                ? string.text()
                : value.toString();
    }

    /** The lines, heading first. */
    List<String> lines() {
        var all = new ArrayList<List<String>>();
        if (hasHeading()) {
            all.add(heading);
        }
        all.addAll(rows);
        var columns = all.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        for (var row : all) {
            for (var i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var lines = new ArrayList<String>();
        for (var row : all) {
            var line = new StringBuilder();
            for (var i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
