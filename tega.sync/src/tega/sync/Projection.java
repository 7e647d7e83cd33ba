package tega.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Source;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;

/**
 * A commit as far as it concerns some roots, as one line: the line of the log and, after a tab, its ephemeral edits, if it has
 * any. A mark is a digest of the first part.
 */
final class Projection {
    /** Between the client that owns an ephemeral node and the server it is connected to; no client's id has a blank. */
    private static final String AT = " at ";

    private final String self;
    private final CommitCodec commits;
    private final JsonCodec json;

    Projection(String self, CommitCodec commits, JsonCodec json) {
        this.self = self;
        this.commits = commits;
        this.json = json;
    }

    /** What was read from a line. */
    record Told(Commit commit, List<Edit> ephemeral, String mark) {
        /** Whether it leaves something on disk. */
        boolean isDurable() {
            return !commit.edits().isEmpty() || !commit.sources().isEmpty();
        }
    }

    /** The line; null when the commit does not concern {@code roots}. Ephemeral edits are told when {@code ephemeral}. */
    @Nullable
    String line(Commit commit, Set<String> roots, boolean ephemeral) {
        var durable = new ArrayList<Edit>(commit.edits().size());
        var passing = new ArrayList<Value>();
        for (var edit : commit.edits()) {
            if (roots.contains(edit.path().root())) {
                if (!edit.ephemeral()) {
                    durable.add(edit);
                } else if (ephemeral) {
                    passing.add(write(edit));
                }
            }
        }
        var sources = sources(commit);
        if (durable.isEmpty() && passing.isEmpty() && sources.isEmpty()) {
            return null;
        }
        var line = text(commit, durable, sources);
        return passing.isEmpty() ? line : line + '\t' + Value.array(passing);
    }

    /** The mark of the commit with regard to {@code roots}. */
    String mark(Commit commit, Set<String> roots) {
        var durable = commit.edits().stream()
                .filter(edit -> !edit.ephemeral() && roots.contains(edit.path().root()))
                .toList();
        return mark(text(commit, durable, sources(commit)));
    }

    private String text(Commit commit, List<Edit> edits, List<Source> sources) {
        var part = new Commit(
                commit.revision(),
                commit.time(),
                commit.by(),
                commit.origin(),
                commit.kind() == CommitKind.CLEAR ? CommitKind.EDIT : commit.kind(),
                commit.message(),
                0,
                edits,
                commit.notes(),
                null,
                Map.of(),
                sources);
        return new String(commits.encode(part), StandardCharsets.UTF_8);
    }

    /** Of where it came from only what concerns those who wait for it. */
    private static List<Source> sources(Commit commit) {
        return commit.sources().isEmpty()
                ? List.of()
                : commit.sources().stream()
                        .filter(source -> Streams.isRequest(source.stream()))
                        .toList();
    }

    private Value write(Edit edit) {
        var path = edit.path().toValue();
        return edit instanceof Edit.Put put && put.owner() != null
                ? Value.array(path, put.value(), Value.of(owner(put.owner())))
                : Value.array(path);
    }

    /** How an ephemeral node is told of. */
    String lease(Path path, Value value, String owner) {
        return Value.array(path.toValue(), value, Value.of(owner(owner))).toString();
    }

    private String owner(String owner) {
        return owner.contains(AT) ? owner : owner + AT + self;
    }

    /** Reads a line. */
    Told read(String line) {
        var tab = line.indexOf('\t');
        var first = tab < 0 ? line : line.substring(0, tab);
        var bytes = first.getBytes(StandardCharsets.UTF_8);
        var ephemeral = new ArrayList<Edit>();
        if (tab >= 0 && json.readJson(line.substring(tab + 1)) instanceof ArrayValue array) {
            array.forEach(item -> ephemeral.add(edit(item)));
        }
        return new Told(commits.decode(bytes, 0, bytes.length), ephemeral, mark(bytes));
    }

    /** Reads what tells of an ephemeral node. */
    Edit edit(String line) {
        return edit(json.readJson(line));
    }

    private static Edit edit(Value item) {
        if (!(item instanceof ArrayValue parts) || parts.size() == 0) {
            throw new TegaException.Invalid("an edit is an array");
        }
        var path = Path.from(parts.get(0));
        if (parts.size() == 3 && parts.get(2) instanceof StringValue owner) {
            return new Edit.Put(path, parts.get(1), owner.text());
        }
        return new Edit.Delete(path, true);
    }

    private static String mark(String text) {
        return mark(text.getBytes(StandardCharsets.UTF_8));
    }

    /** FNV-1a, 64 bits: nobody is to be kept from forging it, two histories are to be told from each other. */
    private static String mark(byte[] bytes) {
        var hash = 0xcbf29ce484222325L;
        for (var b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return HexFormat.of().toHexDigits(hash);
    }
}
