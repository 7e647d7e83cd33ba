package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.TegaException;
import tega.api.Transaction;

/** Every row of docs/concurrency.md is true. */
class ConcurrencyTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+)` \\|$");

    record Row(String first, String second, String result) {}

    static List<Row> rows() throws IOException {
        var page = Files.readString(java.nio.file.Path.of("..", "docs", "concurrency.md"));
        return ROW.matcher(page).results().map(ConcurrencyTableTest::row).toList();
    }

    private static Row row(MatchResult found) {
        return new Row(found.group(1), found.group(2), found.group(3));
    }

    @Test
    void thePageHasAllItsRows() throws IOException {
        assertThat(rows()).hasSize(9 + 9 + 13 + 9 + 10);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) {
        try (var bench = new Bench()) {
            bench.put("r", "{\"a\":{\"x\":1,\"y\":2}}");
            var first = bench.db.begin();
            var second = bench.db.begin();
            perform(first, row.first());
            perform(second, row.second());
            if (row.second().startsWith("get")) {
                second.put(path("r.b"), json("3"));
            }
            first.commit();
            assertThat(outcome(bench, second)).isEqualTo(row.result());
        }
    }

    private static String outcome(Bench bench, Transaction second) {
        var before = bench.get("r");
        var revision = bench.db.snapshot().revision();
        try {
            second.commit();
            return bench.get("r");
        } catch (TegaException e) {
            assertThat(bench.get("r")).isEqualTo(before);
            assertThat(bench.db.snapshot().revision()).isEqualTo(revision);
            return e.code().name();
        }
    }

    private static void perform(Transaction tx, String line) {
        var words = line.split(" ", 3);
        var path = path(words[1]);
        switch (words[0]) {
            case "put" -> tx.put(path, json(words[2]));
            case "merge" -> tx.merge(path, json(words[2]));
            case "delete" -> tx.delete(path);
            case "get" -> tx.get(path);
            default -> throw new AssertionError(line);
        }
    }
}
