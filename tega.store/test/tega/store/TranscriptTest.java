package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.Draft;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Session;

/**
 * Replays {@code test/transcripts}: lines {@code who> command} and what is answered below each. Several people may take turns;
 * what they do after {@code begin} is a draft until {@code commit} or {@code cancel}.
 */
class TranscriptTest {
    private static final java.nio.file.Path FOLDER = java.nio.file.Path.of("test", "transcripts");

    private final Bench bench = new Bench();
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Draft> drafts = new HashMap<>();

    @AfterEach
    void end() {
        bench.close();
    }

    static List<java.nio.file.Path> transcripts() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void isReplayed(java.nio.file.Path transcript) throws IOException {
        var replayed = new StringBuilder();
        for (var line : Files.readAllLines(transcript)) {
            if (line.startsWith("#") || line.isEmpty()) {
                replayed.append(line).append('\n');
            } else if (line.contains("> ")) {
                replayed.append(line).append('\n');
                var cut = line.indexOf("> ");
                replayed.append(answer(line.substring(0, cut), line.substring(cut + 2)));
            }
        }
        assertThat(replayed.toString()).isEqualTo(Files.readString(transcript));
    }

    private String answer(String who, String command) {
        try {
            var text = run(who, List.of(command.split(" ", 4)));
            return text.isEmpty() ? "" : text + "\n";
        } catch (TegaException e) {
            return e.line() + "\n";
        }
    }

    private Tega tega(String who) {
        return sessions.computeIfAbsent(
                        who, name -> bench.db.sessions().open(new Identity(name, name), Duration.ofSeconds(10)))
                .tega();
    }

    private String run(String who, List<String> words) {
        var db = tega(who);
        var first = words.size() > 1 ? words.get(1) : "";
        return switch (words.get(0)) {
            case "get" -> get(who, path(first), words);
            case "geta" -> annotated(db, path(first));
            case "getr" -> matching(db, first);
            case "put" -> put(who, path(first), words);
            case "del" -> delete(who, path(first));
            case "begin" -> said(drafts.put(who, db.drafts().begin()));
            case "cand" -> edits(drafts.get(who).candidate());
            case "commit" -> said(drafts.remove(who).commit());
            case "cancel" -> cancel(who);
            case "roots" -> db.snapshot().roots().toString();
            case "old" -> old(db);
            case "rollback" -> said(db.history().rollback(first, Long.parseLong(words.get(2))));
            case "snapshot" -> said(bench.log().snapshot());
            case "restart" -> restart();
            case "leave" -> leave(who);
            case "lose" -> lose(who);
            case "wait" -> waitFor(first);
            default -> throw new AssertionError(words);
        };
    }

    private static String said(Object unused) {
        return "";
    }

    private String get(String who, Path path, List<String> words) {
        var draft = drafts.get(who);
        if (draft != null) {
            return draft.get(path).map(Value::toString).orElse("absent");
        }
        var snapshot = words.size() > 2
                ? tega(who).history().at(path.root(), Long.parseLong(words.get(2)))
                : tega(who).snapshot();
        return snapshot.get(path).map(Value::toString).orElse("absent");
    }

    private static String annotated(Tega db, Path path) {
        var snapshot = db.snapshot();
        return snapshot.get(path)
                .map(value -> value + " version "
                        + db.history().version(snapshot, path)
                        + db.owner(path)
                                .map(owner -> ", ephemeral, of " + owner)
                                .orElse(""))
                .orElse("absent");
    }

    private static String matching(Tega db, String expression) {
        var text = new StringBuilder();
        for (var match : PathPattern.regex(expression).find(db.snapshot().tree())) {
            text.append(match.path())
                    .append(' ')
                    .append(match.groups())
                    .append(' ')
                    .append(match.value())
                    .append('\n');
        }
        return text.toString().stripTrailing();
    }

    /** {@code put PATH VALUE}, {@code put -v VERSION PATH VALUE} with the version expected, {@code put -e PATH VALUE}. */
    private String put(String who, Path path, List<String> words) {
        var draft = drafts.get(who);
        try (var tx = draft == null ? tega(who).begin() : null) {
            var target = draft == null ? tx : draft;
            switch (words.get(1)) {
                case "-v" -> {
                    var rest = words.get(3).split(" ", 2);
                    target.expect(path(rest[0]), new Expectation.AtVersion(Long.parseLong(words.get(2))))
                            .put(path(rest[0]), json(rest[1]));
                }
                case "-e" -> target.putEphemeral(path(words.get(2)), json(words.get(3)));
                default -> target.put(path, json(String.join(" ", words.subList(2, words.size()))));
            }
            return draft == null ? said(target.commit()) : "";
        }
    }

    private String delete(String who, Path path) {
        var draft = drafts.get(who);
        return draft == null ? said(tega(who).delete(path)) : said(draft.delete(path));
    }

    private static String edits(List<Edit> edits) {
        var text = new StringBuilder();
        for (var edit : edits) {
            text.append(edit instanceof Edit.Put put ? "+ " + put.path() + " " + put.value() : "- " + edit.path())
                    .append('\n');
        }
        return text.toString().stripTrailing();
    }

    private String cancel(String who) {
        drafts.remove(who).close();
        return "";
    }

    private static String old(Tega db) {
        var text = new StringBuilder();
        for (var root : db.snapshot().roots().keySet()) {
            text.append(root).append(": ").append(db.history().versions(root)).append('\n');
        }
        return text.toString().stripTrailing();
    }

    private String restart() {
        sessions.clear();
        drafts.clear();
        bench.crash();
        return "";
    }

    private String leave(String who) {
        sessions.remove(who).close();
        return "";
    }

    private String lose(String who) {
        sessions.remove(who).detach();
        return "";
    }

    private String waitFor(String seconds) {
        bench.clock.pass(Duration.ofSeconds(Long.parseLong(seconds)));
        return "";
    }
}
