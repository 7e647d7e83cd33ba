package tega.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.ReplicaProvider;
import tega.api.spi.Scheduler;

/**
 * Brings text commit logs of version 1 into an empty log: one commit of kind {@code import} for each transaction, with its time
 * and the {@code tega_id} of its first record.
 *
 * <p>A rollback of version 1 takes versions off a stack, and the version it leaves is lost; so is it here, so that what follows
 * means what it meant. A snapshot record (SS) sets a root to what it holds, without marks and without ephemeral nodes.
 */
final class TextLogImport {
    private static final int BATCH = 256;

    private final Path data;
    private final CommitCodec commits;
    private final JsonCodec json;
    private final PrintStream out;
    private final Map<String, List<@Nullable Value>> older = new HashMap<>();
    private final List<Proposal> waiting = new ArrayList<>();
    private Tree tree = Tree.EMPTY;
    private Instant now = Instant.EPOCH;
    private long revision;
    private long dropped;

    TextLogImport(Path data, CommitCodec commits, JsonCodec json, PrintStream out) {
        this.data = data;
        this.commits = commits;
        this.json = json;
        this.out = out;
    }

    /** Reads the files in their order. */
    boolean run(List<Path> files) throws IOException {
        if (files.isEmpty()) {
            throw new TegaException.Invalid("'import' needs the name of a file");
        }
        for (var file : files) {
            // what cannot be read to its end is found before anything is written
            new TextLog(sentence -> {}).read(file, event -> {});
        }
        var target = data.resolve(FolderLogProvider.FOLDER);
        try (var room = new FolderStorage(target)) {
            room.lock();
            checkEmpty(room);
            try (var imported = new Replacement(target, "importing")) {
                fill(imported.folder(), files);
                var before = imported.install("before-import");
                if (before.isPresent()) {
                    // a log without a commit
                    Replacement.remove(before.get());
                }
            }
        }
        out.println("imported " + revision + " commits into " + data + ", dropped " + dropped);
        return true;
    }

    private void checkEmpty(FolderStorage there) throws IOException {
        var catalog = Catalog.of(there.list());
        var last = catalog.pictures().stream().mapToLong(Long::longValue).max().orElse(0);
        if (!catalog.segments().isEmpty()) {
            try (var reader = SegmentReader.open(there, catalog.newest(), Long.MAX_VALUE)) {
                while (reader.next()) {
                    // to its end
                }
                last = Math.max(last, Math.max(reader.last(), reader.reserved()));
            }
        }
        if (last > 0) {
            throw new TegaException.Conflict(
                    null, "the log in " + data + " holds revisions up to " + last + "; import into an empty one (-d)");
        }
    }

    private void fill(Path folder, List<Path> files) throws IOException {
        var replica = LogTool.found(ReplicaProvider.class).replica(commits);
        var scheduler = LogTool.found(Scheduler.class);
        try (var log = new SegmentedLog(new FolderStorage(folder), LogOptions.DEFAULT, commits, json, scheduler)) {
            log.open(replica);
            for (var file : files) {
                try (var bytes = Files.newInputStream(file)) {
                    read(bytes, file.toString(), log);
                }
            }
        }
    }

    /** Appends what {@code bytes} say to {@code log}; {@code name} is for messages. */
    void read(InputStream bytes, String name, CommitLog log) throws IOException {
        new TextLog(sentence -> report(name, sentence)).read(bytes, name, event -> take(event, log));
        flush(log);
    }

    private void report(String name, String sentence) {
        dropped++;
        out.println(name + ": " + sentence);
    }

    private void take(TextLog.Event event, CommitLog log) {
        try {
            if (event instanceof TextLog.Event.Transaction transaction) {
                now = transaction.time();
                transaction(transaction, log);
            } else if (event instanceof TextLog.Event.Rollback rollback) {
                rollback(rollback, log);
            }
        } catch (TegaException.Invalid | TegaException.Conflict | TegaException.LimitExceeded e) {
            dropped++;
            out.println("dropped a transaction of " + now + ": " + e.getMessage());
        }
    }

    private void transaction(TextLog.Event.Transaction transaction, CommitLog log) {
        var after = tree;
        for (var entry : transaction.entries()) {
            after = after(after, entry);
        }
        commit(after, transaction.entries().get(0).tegaId(), log, true);
    }

    private Tree after(Tree before, TextLog.Entry entry) {
        switch (entry.ope()) {
            case "DELETE" -> {
                var path = path(entry.path());
                return before.get(path) == null ? before : before.delete(path, 1);
            }
            case "SS" -> {
                var root =
                        entry.instance() instanceof ObjectValue marked && marked.get("_oid") instanceof StringValue oid
                                ? oid.text()
                                : entry.path();
                var value = unmarked(entry.instance());
                return before.put(path(root), value == null ? Value.object() : value, 1);
            }
            default -> {
                if (!entry.path().isEmpty()) {
                    return before.put(path(entry.path()), entry.instance(), 1);
                }
                var after = before;
                if (entry.instance() instanceof ObjectValue roots) {
                    for (var root : roots) {
                        after = after.put(tega.api.Path.of(root.name()), root.value(), 1);
                    }
                }
                return after;
            }
        }
    }

    private static tega.api.Path path(String text) {
        return tega.api.Path.parse(text);
    }

    /** Without the marks {@code _oid}, {@code _version} and so on; null for an ephemeral node. */
    private static @Nullable Value unmarked(Value value) {
        if (!(value instanceof ObjectValue marked)) {
            return value;
        }
        if (marked.has("_ephemeral") && Value.of(true).equals(marked.get("_ephemeral"))) {
            return null;
        }
        var leaf = marked.get("_value");
        if (leaf != null && marked.has("_version")) {
            return leaf;
        }
        var clean = ObjectValue.builder();
        for (var member : marked) {
            if (!member.name().startsWith("_")) {
                var below = unmarked(member.value());
                if (below != null) {
                    clean.put(member.name(), below);
                }
            }
        }
        return clean.build();
    }

    private void rollback(TextLog.Event.Rollback rollback, CommitLog log) {
        var root = rollback.root();
        var stack = older.getOrDefault(root, new ArrayList<>());
        if (stack.size() < -rollback.backto()) {
            throw new TegaException.Invalid(
                    "the root '" + root + "' has no " + -rollback.backto() + " older versions to go back to");
        }
        @Nullable Value value = null;
        for (var i = rollback.backto(); i < 0; i++) {
            value = stack.remove(stack.size() - 1);
        }
        var path = tega.api.Path.of(root);
        var after = value != null ? tree.put(path, value, 1) : tree.get(path) == null ? tree : tree.delete(path, 1);
        commit(after, rollback.tegaId(), log, false);
    }

    private void commit(Tree after, String tegaId, CommitLog log, boolean keepOlder) {
        var edits = tree.diff(after, tega.api.Path.EMPTY);
        if (edits.isEmpty()) {
            return;
        }
        var commit = new Commit(
                revision + 1,
                now,
                new Identity("import", tegaId),
                "import",
                CommitKind.IMPORT,
                null,
                0,
                List.<Edit>copyOf(edits),
                List.of(),
                null,
                Map.of());
        var size = commits.encode(commit).length;
        if (size > log.maxPayload()) {
            throw new TegaException.LimitExceeded(
                    "it takes " + size + " bytes, more than the log's limit of " + log.maxPayload());
        }
        if (keepOlder) {
            edits.stream().map(edit -> edit.path().root()).distinct().forEach(root -> older.computeIfAbsent(
                            root, any -> new ArrayList<>())
                    .add(tree.get(tega.api.Path.of(root))));
        }
        tree = after;
        revision++;
        waiting.add(new Proposal(new UUID(0, revision), commit, true));
        if (waiting.size() == BATCH) {
            flush(log);
        }
    }

    private void flush(CommitLog log) {
        if (waiting.isEmpty()) {
            return;
        }
        for (var receipt : log.append(List.copyOf(waiting))) {
            if (!(receipt instanceof Receipt.Appended)) {
                throw new TegaException.Unavailable(
                        "nothing was imported, it failed after " + log.last() + " commits: " + reason(receipt));
            }
        }
        waiting.clear();
    }

    private static String reason(Receipt receipt) {
        return receipt instanceof Receipt.Refused refused
                ? refused.reason()
                : receipt instanceof Receipt.Unknown unknown ? unknown.reason() : receipt.toString();
    }
}
