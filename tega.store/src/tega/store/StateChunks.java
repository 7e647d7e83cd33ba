package tega.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.Edit;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Source;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.Picture;

/**
 * A state as a stream of chunks, and back. First a head, then the versions of the roots, then the durable tree in pieces with
 * its stamps. Ephemeral nodes and roots kept in memory only are left out.
 *
 * <pre>{@code
 * {"format":1,"revision":9,"stamp":9,"cleared":0,"tags":{"v1":3},"pending":[{"commit":"…","undo":[…]}],"positions":[…],"volatile":["r"]}
 * {"root":"a","versions":[[4,0],[9,1]]}
 * {"pieces":[[0,"a",9],[1,"x",9,{"y":1}], …]}
 * }</pre>
 */
final class StateChunks {
    private static final int FORMAT = 1;
    private static final int PIECES = 500;
    private static final int ENTRIES = 2000;

    private final CommitCodec codec;

    StateChunks(CommitCodec codec) {
        this.codec = codec;
    }

    Picture picture(State state) {
        return new Picture() {
            @Override
            public long revision() {
                return state.revision();
            }

            @Override
            public Iterator<Value> chunks() {
                return new Chunks(state);
            }
        };
    }

    private final class Chunks implements Iterator<Value> {
        private final State state;
        private final Iterator<String> roots;
        private final Iterator<Tree.Piece> pieces;
        private boolean begun;
        private String root = "";
        private RootLog versions = RootLog.NONE;
        private int nextVersion;

        Chunks(State state) {
            this.state = state;
            this.roots = state.roots().keys().stream().sorted().iterator();
            this.pieces = state.onDisk().pieces();
        }

        @Override
        public boolean hasNext() {
            return !begun || nextVersion < versions.size() || roots.hasNext() || pieces.hasNext();
        }

        @Override
        public Value next() {
            if (!begun) {
                begun = true;
                return head(state);
            }
            if (nextVersion >= versions.size() && roots.hasNext()) {
                root = roots.next();
                versions = state.root(root);
                nextVersion = 0;
            }
            if (nextVersion < versions.size()) {
                return versionsChunk();
            }
            if (!pieces.hasNext()) {
                throw new NoSuchElementException();
            }
            var items = new ArrayList<Value>();
            while (items.size() < PIECES && pieces.hasNext()) {
                items.add(write(pieces.next()));
            }
            return Value.object("pieces", Value.array(items));
        }

        private Value versionsChunk() {
            var items = new ArrayList<Value>();
            for (; items.size() < ENTRIES && nextVersion < versions.size(); nextVersion++) {
                items.add(Value.array(
                        Value.of(versions.revisionAt(nextVersion)), Value.of(versions.versionAt(nextVersion))));
            }
            return Value.object("root", Value.of(root), "versions", Value.array(items));
        }
    }

    private Value head(State state) {
        var tags = ObjectValue.builder();
        state.tags().forEach((name, revision) -> tags.put(name, Value.of(revision)));
        var pending = new ArrayList<Value>();
        for (var waiting : state.pending()) {
            var commit = new String(codec.encode(waiting.commit()), StandardCharsets.UTF_8);
            pending.add(Value.object("commit", Value.of(commit), "undo", write(waiting.undo())));
        }
        var positions = new ArrayList<Value>();
        for (var stream : state.positions().keys().stream().sorted().toList()) {
            var source = state.positions().get(stream);
            if (source != null) {
                positions.add(
                        Value.array(Value.of(source.stream()), Value.of(source.revision()), Value.of(source.mark())));
            }
        }
        return ObjectValue.builder()
                .put("format", Value.of(FORMAT))
                .put("revision", Value.of(state.revision()))
                .put("stamp", Value.of(state.onDisk().stamp()))
                .put("cleared", Value.of(state.cleared()))
                .put("tags", tags.build())
                .put("pending", Value.array(pending))
                .put("positions", Value.array(positions))
                .put(
                        "volatile",
                        Value.array(state.memory().noted().stream()
                                .sorted()
                                .map(Value::of)
                                .toList()))
                .build();
    }

    private static Value write(Tree.Piece piece) {
        var depth = Value.of(piece.depth());
        var name = Value.of(piece.name());
        var stamp = Value.of(piece.stamp());
        return piece.value() == null ? Value.array(depth, name, stamp) : Value.array(depth, name, stamp, piece.value());
    }

    private static Value write(List<Edit> edits) {
        var items = new ArrayList<Value>();
        for (var edit : edits) {
            var path = edit.path().toValue();
            items.add(edit instanceof Edit.Put put ? Value.array(path, put.value()) : Value.array(path));
        }
        return Value.array(items);
    }

    State read(Picture picture) {
        try {
            return new Reading(picture).state();
        } catch (ClassCastException | IndexOutOfBoundsException | TegaException.Invalid e) {
            throw new TegaException.Damaged("the picture of revision " + picture.revision() + " is not one of a state ("
                    + e.getMessage() + "); remove it and start again");
        }
    }

    /** The state being read. Casts fail where a chunk is not what it should be. */
    private final class Reading implements Iterator<Tree.Piece> {
        private final Picture picture;
        private final Iterator<Value> chunks;
        private PersistentMap<String, RootLog> roots = PersistentMap.empty();
        private Iterator<Value> items = List.<Value>of().iterator();

        Reading(Picture picture) {
            this.picture = picture;
            this.chunks = picture.chunks();
        }

        State state() {
            var head = (ObjectValue) chunks.next();
            if (number(head.get("format")) != FORMAT) {
                throw new TegaException.Invalid("it has format " + head.get("format") + ", known is " + FORMAT);
            }
            var tags = PersistentMap.<String, Long>empty();
            for (var tag : (ObjectValue) present(head.get("tags"))) {
                tags = tags.with(tag.name(), number(tag.value()));
            }
            var pending = new ArrayList<PendingCommit>();
            for (var waiting : (ArrayValue) present(head.get("pending"))) {
                pending.add(pending((ObjectValue) waiting));
            }
            var positions = positions(head.get("positions"));
            var tree = Tree.of(number(head.get("stamp")), this);
            var versions = ObjectValue.builder();
            roots.forEach((root, log) -> versions.put(root, Value.of(log.current())));
            return new State(
                    picture.revision(),
                    new Snapshot(picture.revision(), tree, versions.build()),
                    tree,
                    roots,
                    Leases.NONE,
                    List.copyOf(pending),
                    tags,
                    number(head.get("cleared")),
                    new State.VolatileRoots(Set.of(), 0, noted(head.get("volatile"))),
                    positions);
        }

        /** Pictures of before there were other servers have none. */
        private static PersistentMap<String, Source> positions(@Nullable Value written) {
            var positions = PersistentMap.<String, Source>empty();
            if (written instanceof ArrayValue sources) {
                for (var item : sources) {
                    var source = (ArrayValue) item;
                    var stream = ((StringValue) source.get(0)).text();
                    var mark = ((StringValue) source.get(2)).text();
                    positions = positions.with(stream, new Source(stream, number(source.get(1)), mark));
                }
            }
            return positions;
        }

        /** Pictures of before roots were noted have none. */
        private static Set<String> noted(@Nullable Value written) {
            var noted = new HashSet<String>();
            if (written instanceof ArrayValue roots) {
                roots.forEach(root -> noted.add(((StringValue) root).text()));
            }
            return Set.copyOf(noted);
        }

        private PendingCommit pending(ObjectValue waiting) {
            var line = ((StringValue) present(waiting.get("commit"))).text().getBytes(StandardCharsets.UTF_8);
            var undo = new ArrayList<Edit>();
            for (var item : (ArrayValue) present(waiting.get("undo"))) {
                var edit = (ArrayValue) item;
                var path = Path.from(edit.get(0));
                undo.add(edit.size() > 1 ? Edit.put(path, edit.get(1)) : Edit.delete(path));
            }
            return new PendingCommit(codec.decode(line, 0, line.length), undo);
        }

        @Override
        public boolean hasNext() {
            while (!items.hasNext() && chunks.hasNext()) {
                var chunk = (ObjectValue) chunks.next();
                if (chunk.get("pieces") instanceof ArrayValue pieces) {
                    items = pieces.iterator();
                } else {
                    versions(chunk);
                }
            }
            return items.hasNext();
        }

        private void versions(ObjectValue chunk) {
            var root = ((StringValue) present(chunk.get("root"))).text();
            var known = roots.get(root);
            var log = known == null ? RootLog.NONE : known;
            for (var item : (ArrayValue) present(chunk.get("versions"))) {
                var entry = (ArrayValue) item;
                log = log.append(number(entry.get(0)), number(entry.get(1)));
            }
            roots = roots.with(root, log);
        }

        @Override
        public Tree.Piece next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var piece = (ArrayValue) items.next();
            return new Tree.Piece(
                    (int) number(piece.get(0)),
                    ((StringValue) piece.get(1)).text(),
                    number(piece.get(2)),
                    piece.size() > 3 ? piece.get(3) : null);
        }
    }

    private static Value present(@Nullable Value value) {
        if (value == null) {
            throw new TegaException.Invalid("a member is missing");
        }
        return value;
    }

    private static long number(@Nullable Value value) {
        return ((NumberValue) present(value)).longValue();
    }
}
