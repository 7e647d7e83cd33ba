package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import tega.api.Edit;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.Convergence;
import tega.api.spi.Foreign;

/**
 * What became of config roots on their way: told by plugins here, told upwards, and kept for the servers below in the tree, so
 * that it is known also of those that are out of reach. Revisions are those of the server above. Any thread.
 */
final class Reports implements Convergence {
    private static final Duration TELL = Duration.ofSeconds(1);
    private static final Duration KEEP = Duration.ofSeconds(5);

    private final SyncNode node;
    private final Map<String, ObjectValue> own = new ConcurrentSkipListMap<>();
    private final Map<Path, ObjectValue> below = new ConcurrentSkipListMap<>();
    private final AtomicBoolean telling = new AtomicBoolean();
    private final AtomicBoolean keeping = new AtomicBoolean();

    Reports(SyncNode node) {
        this.node = node;
        // as it is, without asking whether this may be read: whoever knows may just be being exchanged
        if (node.replication().standing().snapshot().get(place()).orElse(null) instanceof ObjectValue servers) {
            for (var server : servers) {
                if (server.value() instanceof ObjectValue roots) {
                    roots.forEach(root -> {
                        if (root.value() instanceof ObjectValue report) {
                            below.put(Path.of(server.name(), root.name()), report);
                        }
                    });
                }
            }
        }
    }

    private Path place() {
        return Path.of(node.root(), "convergence");
    }

    @Override
    public void applied(String root, long revision) {
        var at = above(root, revision);
        own.merge(root, Value.object("applied", Value.of(at)), (old, fresh) -> {
            var rejected = old.get("rejected");
            return rejected instanceof ObjectValue no && number(no, "revision") <= at
                    ? fresh
                    : old.with("applied", Value.of(at));
        });
        tell();
    }

    @Override
    public void rejected(String root, long revision, String reason) {
        var no = Value.object("revision", Value.of(above(root, revision)), "reason", Value.of(reason));
        own.merge(root, Value.object("rejected", no), (old, fresh) -> old.with("rejected", no));
        tell();
    }

    /** The revision that the server above gave to the last change of {@code root} up to {@code revision} here. */
    private long above(String root, long revision) {
        var home = node.home(root);
        if (home == null) {
            return revision;
        }
        for (var commit : node.tega().history().log(Path.of(root), revision, 20)) {
            var source = commit.source(home.stream());
            if (source != null) {
                return source.revision();
            }
        }
        return 0;
    }

    private static long number(ObjectValue object, String name) {
        return object.get(name) instanceof NumberValue number ? number.longValue() : 0;
    }

    /** Something has come: the server above is told soon. */
    void moved() {
        tell();
    }

    private void tell() {
        if (telling.compareAndSet(false, true)) {
            node.scheduler().after(TELL, () -> {
                telling.set(false);
                node.tellAbove(this::frame);
            });
        }
    }

    private Frame frame(Inflow inflow) {
        var roots = Value.object();
        for (var root : inflow.roots()) {
            var report = own.getOrDefault(root, Value.object());
            roots = roots.with(root, report.with("received", Value.of(inflow.received())));
        }
        return Frame.of("status").with("stream", inflow.stream()).with("roots", roots);
    }

    /** A server below has told. */
    void told(String server, Frame frame) {
        if (frame.head().get("roots") instanceof ObjectValue roots) {
            roots.forEach(root -> {
                if (root.value() instanceof ObjectValue report) {
                    below.put(Path.of(server, root.name()), report);
                }
            });
            if (keeping.compareAndSet(false, true)) {
                node.scheduler().after(KEEP, () -> node.scheduler().background().execute(this::keep));
            }
        }
    }

    private void keep() {
        keeping.set(false);
        if (node.isClosed()) {
            return;
        }
        var edits = new ArrayList<Edit>();
        below.forEach((path, report) -> {
            var where = place().append(path);
            if (node.tega().get(where).filter(report::equals).isEmpty()) {
                edits.add(Edit.put(where, report));
            }
        });
        if (!edits.isEmpty()) {
            try {
                node.replication().commit(List.of(Foreign.write(node.self(), edits)));
            } catch (TegaException e) {
                node.note("what the servers below report could not be kept: " + e.getMessage());
            }
        }
    }

    /** For each server below and each root of it: intended, received, applied, rejected, and whether all are the same. */
    ObjectValue toValue() {
        var tree = node.replication().standing().durable();
        var servers = Value.object();
        for (var entry : below.entrySet()) {
            var server = entry.getKey().name(0);
            var root = entry.getKey().name(1);
            var intended = Math.max(0, tree.stamp(Path.of(root)));
            var report = entry.getValue();
            var received = Math.min(intended, number(report, "received"));
            var row = Value.object("intended", Value.of(intended), "received", Value.of(received));
            for (var name : List.of("applied", "rejected")) {
                var told = report.get(name);
                row = told == null ? row : row.with(name, told);
            }
            row = row.with("converged", Value.of(received >= intended));
            var before = servers.get(server) instanceof ObjectValue roots ? roots : Value.object();
            servers = servers.with(server, before.with(root, row));
        }
        return servers;
    }
}
