package tega.sync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.spi.Foreign;
import tega.api.spi.Replication;

/**
 * Commits that were pending at a peer, on their way to the home and into it. One after the other; what was merged is not merged
 * again, for how far a peer's pending commits were merged is written into the commit that merges. On the lane of the peer.
 */
final class Uploads {
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final int TRIES = 8;

    private final SyncNode node;
    private final Peer peer;
    private final ArrayDeque<Upload> waiting = new ArrayDeque<>();
    private @Nullable Upload present;
    private boolean beginning;

    Uploads(SyncNode node, Peer peer) {
        this.node = node;
        this.peer = peer;
    }

    /** What is told of a pending commit. */
    static Frame frame(SyncNode node, String stream, Set<String> roots, Pending.Write write) {
        var commit = write.commit();
        var lines = new ArrayList<String>();
        var head = new Commit(
                commit.revision(),
                commit.time(),
                commit.by(),
                commit.origin(),
                commit.kind(),
                commit.message(),
                0,
                List.of(),
                commit.notes(),
                null,
                Map.of(),
                commit.sources().stream()
                        .filter(source -> Streams.isRequest(source.stream()))
                        .toList());
        lines.add(new String(node.commits().encode(head), StandardCharsets.UTF_8));
        for (var change : LeafChange.of(write.before(), commit.edits(), roots)) {
            lines.add(change.line());
        }
        return Frame.of("merge")
                .with("stream", stream)
                .with("n", commit.revision())
                .with("mark", node.projection().mark(commit, roots))
                .lines(lines);
    }

    /** A peer has sent one. */
    void merge(Frame frame, Set<String> roots) {
        var commit = Requests.commit(node, frame);
        var changes = new ArrayList<LeafChange>();
        for (var line : frame.lines().subList(1, frame.lines().size())) {
            var change = LeafChange.read(line, node.json());
            if (change.path().isEmpty() || !roots.contains(change.path().root())) {
                throw new TegaException.Invalid(change.path(), "'" + change.path() + "' is not of the stream");
            }
            changes.add(change);
        }
        var stream = Streams.pending(peer.id(), frame.text("stream"));
        waiting.add(new Upload(frame, commit, changes, stream, peer.link()));
        begin();
    }

    /** One begins when the one before it has ended: that a later one was merged says that all before it were. */
    private void begin() {
        if (beginning) {
            return;
        }
        beginning = true;
        try {
            while (present == null && !waiting.isEmpty()) {
                present = waiting.remove();
                merge(present, 0);
            }
        } finally {
            beginning = false;
        }
    }

    private void ended() {
        present = null;
        begin();
    }

    /** The link is gone: what was not merged comes again with the next one. */
    void detach() {
        waiting.clear();
        present = null;
    }

    private record Upload(
            Frame frame,
            Commit commit,
            List<LeafChange> changes,
            String stream,
            @Nullable Link link) {
        long number() {
            return frame.number("n");
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private boolean isOver(Upload upload) {
        return upload != present || upload.link() != peer.link();
    }

    private void merge(Upload upload, int tries) {
        if (isOver(upload)) {
            return;
        }
        var base = node.replication().standing();
        var position = base.position(upload.stream());
        if (position.revision() >= upload.number()
                && !position.mark().equals(upload.frame().textOrNull("instead"))) {
            answer(upload, 0, 0);
            return;
        }
        try {
            peer.authorize(upload.changes().stream().map(LeafChange::path).toList());
        } catch (TegaException e) {
            refused(upload, base, position, e);
            return;
        }
        var away = upload.changes().stream()
                .anyMatch(change -> node.isAway(change.path().root()));
        var merge = Merge.into(base.durable(), upload.changes());
        try {
            if (away) {
                elsewhere(upload, base, merge, tries);
            } else {
                here(upload, base, position, merge);
            }
        } catch (TegaException.Conflict | TegaException.Precondition e) {
            again(upload, tries, e);
        } catch (TegaException.Vetoed | TegaException.LimitExceeded | TegaException.Invalid e) {
            refused(upload, base, position, e);
        }
    }

    private void again(Upload upload, int tries, TegaException e) {
        if (tries < TRIES) {
            peer.lane().run(() -> merge(upload, tries + 1));
        } else {
            refused(upload, node.replication().standing(), null, e);
        }
    }

    private void here(Upload upload, Replication.Standing base, Source position, Merge merge) {
        var edits = new ArrayList<>(merge.edits());
        edits.addAll(node.conflicts().entries(peer.id(), upload.commit(), merge.conflicts(), null));
        var made = node.replication()
                .commit(List.of(foreign(upload, edits, position, same(base, upload.changes()))))
                .get(0);
        answer(
                upload,
                made.edits().isEmpty() ? 0 : made.revision(),
                merge.conflicts().size());
        if (!merge.conflicts().isEmpty()) {
            node.conflicts().told(peer.id(), upload.commit(), merge.conflicts());
        }
    }

    private Foreign foreign(
            Upload upload, List<Edit> edits, @Nullable Source position, List<Foreign.Condition> conditions) {
        var commit = upload.commit();
        var sources = new ArrayList<Source>();
        sources.add(new Source(upload.stream(), upload.number(), upload.frame().text("mark")));
        sources.addAll(commit.sources());
        return new Foreign(
                commit.by(),
                commit.time(),
                commit.origin(),
                CommitKind.MERGE,
                commit.message(),
                edits,
                commit.notes(),
                position,
                sources,
                conditions,
                false);
    }

    /** That nobody changes what was merged into. */
    private static List<Foreign.Condition> same(Replication.Standing base, List<LeafChange> changes) {
        var conditions = new ArrayList<Foreign.Condition>();
        for (var change : changes) {
            var there = base.snapshot().tree().stamp(change.path()) >= 0;
            conditions.add(
                    new Foreign.Unchanged(change.path(), there, base.snapshot().revision()));
        }
        return conditions;
    }

    /** The home is further up, or down: what is left of the merge is a write there. */
    private void elsewhere(Upload upload, Replication.Standing base, Merge merge, int tries) {
        var entries = node.conflicts().entries(peer.id(), upload.commit(), merge.conflicts(), null);
        if (!entries.isEmpty()) {
            node.replication().commit(List.of(Foreign.write(upload.commit().by(), entries)));
        }
        if (merge.edits().isEmpty()) {
            node.replication().commit(List.of(foreign(upload, List.of(), base.position(upload.stream()), List.of())));
            answer(upload, 0, merge.conflicts().size());
            return;
        }
        var write = foreign(upload, merge.edits(), null, equal(base.durable(), merge.edits()));
        peer.executing(() -> node.write(write), (made, failure) -> {
            if (isOver(upload)) {
                return;
            }
            if (failure == null && made != null) {
                answer(
                        upload,
                        made.edits().isEmpty() ? 0 : made.revision(),
                        merge.conflicts().size());
                return;
            }
            var error = Errors.cause(failure == null ? new IllegalStateException("nothing") : failure);
            if (error instanceof TegaException.Conflict || error instanceof TegaException.Precondition) {
                again(upload, tries, error);
            } else if (error instanceof TegaException.Unavailable || error instanceof TegaException.UnknownOutcome) {
                node.scheduler().after(AGAIN, () -> peer.lane().run(() -> merge(upload, tries)));
            } else {
                refused(upload, node.replication().standing(), null, error);
            }
        });
    }

    private static List<Foreign.Condition> equal(Tree tree, List<Edit> edits) {
        var conditions = new ArrayList<Foreign.Condition>();
        for (var edit : edits) {
            var value = tree.get(edit.path());
            conditions.add(new Foreign.Expected(
                    edit.path(), value == null ? new Expectation.Absent() : new Expectation.Equal(value)));
        }
        return conditions;
    }

    /** None of it is taken; all of it is kept in the conflict list, with the reason. */
    private void refused(Upload upload, Replication.Standing base, @Nullable Source position, TegaException reason) {
        var lost = new ArrayList<Merge.Clash>();
        for (var change : upload.changes()) {
            lost.add(new Merge.Clash(change, base.durable().get(change.path())));
        }
        var entries = node.conflicts().entries(peer.id(), upload.commit(), lost, reason.getMessage());
        var made = node.replication()
                .commit(List.of(foreign(upload, entries, position, List.of())))
                .get(0);
        answer(upload, made.edits().isEmpty() ? 0 : made.revision(), lost.size());
        node.conflicts().told(peer.id(), upload.commit(), lost);
    }

    private void answer(Upload upload, long revision, int conflicts) {
        var link = upload.link();
        if (link != null) {
            link.send(Frame.of("merged")
                    .with("stream", upload.frame().text("stream"))
                    .with("n", upload.number())
                    .with("revision", revision)
                    .with("conflicts", conflicts));
        }
        ended();
    }
}
