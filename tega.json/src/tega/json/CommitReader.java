package tega.json;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.BooleanValue;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Value;

/** The reading of one line that {@link CommitWriter} wrote, in any order of members; members it does not know are skipped. */
final class CommitReader {
    private static final Map<String, Integer> BITS = Map.of(
            "rev", 1, "time", 2, "by", 4, "id", 8, "at", 16, "kind", 32, "message", 64, "ref", 128, "edits", 256,
            "confirm", 512);

    private final JsonScanner line;

    private int seen;
    private long revision = -1;
    private @Nullable Instant time;
    private String author = Identity.ANONYMOUS.author();
    private @Nullable String tegaId;
    private String origin = "";
    private CommitKind kind = CommitKind.EDIT;
    private @Nullable String message;
    private long refersTo;
    private List<Edit> edits = List.of();
    private List<String> notes = List.of();
    private @Nullable Confirm confirm;
    private List<Source> sources = List.of();

    private CommitReader(JsonScanner line) {
        this.line = line;
    }

    /** The commit that is all of {@code line}; {@code INVALID} when it is none. */
    static Commit read(JsonScanner line) {
        return new CommitReader(line).commit();
    }

    private Commit commit() {
        line.open('{', "a commit, which is an object,");
        if (!line.closes('}')) {
            do {
                member(line.name());
            } while (line.more('}'));
        }
        line.end();
        if (revision < 0) {
            throw new TegaException.Invalid("rev is missing");
        }
        if (time == null) {
            throw new TegaException.Invalid("time is missing");
        }
        var by = new Identity(author, tegaId == null ? author : tegaId);
        return new Commit(
                revision, time, by, origin, kind, message, refersTo, edits, notes, confirm, Map.of(), sources);
    }

    private void member(String name) {
        var bit = BITS.getOrDefault(name, 0);
        if ((seen & bit) != 0) {
            throw new TegaException.Invalid(name + " is there twice");
        }
        seen |= bit;
        switch (name) {
            case "rev" -> revision = positive("the integer rev");
            case "time" -> time = Instant.ofEpochMilli(line.integer("the integer time"));
            case "by" -> author = line.sharedString("the string by");
            case "id" -> tegaId = line.sharedString("the string id");
            case "at" -> origin = line.sharedString("the string at");
            case "kind" -> kind = CommitKind.of(line.sharedString("the string kind"));
            case "message" -> message = line.string("the string message");
            case "ref" -> refersTo = positive("the integer ref");
            case "edits" -> edits = edits("the array edits");
            case "notes" -> notes = notes();
            case "confirm" -> confirm = confirm();
            case "src" -> sources = sources();
            default -> line.value(0);
        }
    }

    private Confirm confirm() {
        var window = -1L;
        var automatic = false;
        List<Edit> undo = List.of();
        line.open('{', "the object confirm");
        if (!line.closes('}')) {
            do {
                switch (line.name()) {
                    case "window" -> window = positive("the integer window");
                    case "auto" -> automatic = truth(line.value(0));
                    case "undo" -> undo = edits("the array undo");
                    default -> line.value(0);
                }
            } while (line.more('}'));
        }
        if (window < 0) {
            throw new TegaException.Invalid("window is missing in confirm");
        }
        return new Confirm(Duration.ofMillis(window), automatic, undo);
    }

    private List<Edit> edits(String what) {
        var list = new ArrayList<Edit>(1);
        line.open('[', what);
        if (!line.closes(']')) {
            do {
                list.add(edit());
            } while (line.more(']'));
        }
        return list;
    }

    /** An array of a path and, when it is a put, the value. */
    private Edit edit() {
        line.open('[', "an edit, which is an array,");
        var path = path();
        if (!line.more(']')) {
            return Edit.delete(path);
        }
        var value = line.value(0);
        if (line.more(']')) {
            throw line.expected("the end of an edit after path and value");
        }
        return Edit.put(path, value);
    }

    private Path path() {
        line.open('[', "a path, which is an array of strings,");
        if (line.closes(']')) {
            return Path.EMPTY;
        }
        var names = new ArrayList<String>(8);
        do {
            names.add(line.sharedString("a name, which is a string,"));
        } while (line.more(']'));
        return Path.of(names);
    }

    private List<String> notes() {
        var list = new ArrayList<String>();
        line.open('[', "the array notes");
        if (!line.closes(']')) {
            do {
                list.add(line.string("a note, which is a string,"));
            } while (line.more(']'));
        }
        return list;
    }

    private List<Source> sources() {
        var list = new ArrayList<Source>(2);
        line.open('[', "the array src");
        if (!line.closes(']')) {
            do {
                list.add(source());
            } while (line.more(']'));
        }
        return list;
    }

    /** An array of stream, revision and mark. */
    private Source source() {
        line.open('[', "a source, which is an array,");
        var stream = line.sharedString("a stream, which is a string,");
        expectMore("a revision after the stream of a source");
        var revision = positive("a revision, which is an integer,");
        expectMore("a mark after the revision of a source");
        var mark = line.string("a mark, which is a string,");
        if (line.more(']')) {
            throw line.expected("the end of a source after its mark");
        }
        return new Source(stream, revision, mark);
    }

    private void expectMore(String what) {
        if (!line.more(']')) {
            throw line.expected(what);
        }
    }

    private static boolean truth(Value value) {
        if (value instanceof BooleanValue truth) {
            return truth.truth();
        }
        throw new TegaException.Invalid("auto is a " + value.kind() + ", not true or false");
    }

    private long positive(String what) {
        var number = line.integer(what);
        if (number < 0) {
            throw new TegaException.Invalid(what + " is negative");
        }
        return number;
    }
}
