package tega.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.spi.Foreign;

/**
 * What somebody wants committed, and on what conditions. {@link #prepare} says what becomes of it on a given state, as often as
 * asked.
 */
record Intent(
        Actor actor,
        CommitKind kind,
        @Nullable String message,
        long refersTo,
        List<Operation> operations,
        List<Read> reads,
        List<Expected> expected,
        @Nullable Window window,
        @Nullable Foreign foreign) {

    /** Who wants it; what it owns is its session's, if it has one, as long as no newer one took over. */
    record Actor(Identity identity, @Nullable ClientSession session) {
        @Nullable
        String owner() {
            return session == null || session.isCurrent() ? identity.tegaId() : null;
        }
    }

    /** That the node had this stamp when it was read; -1 when it was absent. */
    record Read(Path path, long stamp) {}

    /** A precondition. */
    record Expected(Path path, Expectation expectation) {}

    /** How long a confirmed commit waits. */
    record Window(Duration duration, boolean automatic) {}

    /** What the server knows that an intent does not. */
    record Circumstances(String serverId, Measure measure) {}

    Intent {
        operations = List.copyOf(operations);
        reads = List.copyOf(reads);
        expected = List.copyOf(expected);
    }

    /** An intent of one operation without conditions. */
    static Intent of(Actor actor, CommitKind kind, Operation operation) {
        return new Intent(actor, kind, null, 0, List.of(operation), List.of(), List.of(), null, null);
    }

    /** That {@code root} is noted as one in memory only. */
    static Intent volatility(Actor actor, String root) {
        return new Intent(actor, CommitKind.VOLATILE, root, 0, List.of(), List.of(), List.of(), null, null);
    }

    /** What another server wants. */
    static Intent of(Foreign foreign) {
        return new Intent(
                new Actor(foreign.by(), null),
                foreign.kind(),
                foreign.message(),
                0,
                foreign.replica()
                        ? List.of(new Operation.Adopt(foreign.edits()))
                        : foreign.edits().stream().map(Operation::of).toList(),
                List.of(),
                List.of(),
                null,
                foreign);
    }

    Intent about(long revision) {
        return new Intent(actor, kind, message, revision, operations, reads, expected, window, foreign);
    }

    Intent saying(@Nullable String text) {
        return new Intent(actor, kind, text, refersTo, operations, reads, expected, window, foreign);
    }

    /** Whether guards are asked: not about what only ends what was begun. */
    boolean isGuarded() {
        return (foreign == null || !foreign.replica()) && isWrite();
    }

    /** Whether it is what somebody thought of, not what follows from something else. */
    boolean isWrite() {
        return switch (kind) {
            case EDIT, ROLLBACK, REVERT, MERGE, IMPORT -> true;
            case LEASE, CONFIRM_EXPIRED, CONFIRM, TAG, VOLATILE, CLEAR -> false;
        };
    }

    /** Whether it is worth a revision though it changes no node. */
    private boolean standsAlone() {
        return kind == CommitKind.CONFIRM
                || kind == CommitKind.CONFIRM_EXPIRED
                || kind == CommitKind.TAG
                || kind == CommitKind.VOLATILE
                || kind == CommitKind.CLEAR
                || (foreign != null && !foreign.sources().isEmpty());
    }

    /**
     * What becomes of it on {@code state}; throws when it is in conflict with that. When it is only to be looked at, what comes
     * out is good for that and for nothing else.
     */
    Prepared prepare(
            State state, long revision, Instant now, Circumstances here, List<String> remarks, boolean toLookAt) {
        reads.forEach(read -> check(read, state));
        expected.forEach(each -> check(each, state));
        if (foreign != null) {
            check(foreign, state);
        }
        var unmeasured = kind == CommitKind.CONFIRM_EXPIRED || (foreign != null && foreign.replica());
        var workspace = new Workspace(state, revision, unmeasured ? null : here.measure());
        var owner = actor.owner();
        for (var operation : operations) {
            operation.run(workspace, owner);
        }
        if (!unmeasured) {
            here.measure().commit(workspace.bytes());
        }
        var edits = workspace.edits();
        if (edits.isEmpty() && !standsAlone()) {
            return nothing(state, now, here);
        }
        var durable = kind != CommitKind.CLEAR && isAllVolatile(edits, state);
        var notes = new ArrayList<>(remarks);
        if (foreign != null) {
            notes.addAll(foreign.notes());
        }
        var versions = workspace.versions();
        noteWaiting(versions, state, notes);
        var commit = new Commit(
                revision,
                foreign == null || foreign.time() == null ? now : foreign.time(),
                actor.identity(),
                foreign == null || foreign.origin() == null ? here.serverId() : foreign.origin(),
                kind == CommitKind.EDIT && versions.isEmpty() && !edits.isEmpty() ? CommitKind.LEASE : kind,
                message,
                refersTo,
                edits,
                notes,
                window == null ? null : confirm(window, state, workspace, versions),
                kind == CommitKind.CLEAR ? Map.of() : versions,
                foreign == null ? List.of() : foreign.sources());
        var after = toLookAt ? workspace.preview() : workspace.finish(commit);
        return new Prepared(commit, state, after, !durable, (int) workspace.bytes());
    }

    private static void check(Read read, State state) {
        if (state.visible().tree().stamp(read.path()) != read.stamp()) {
            throw new TegaException.Conflict(
                    read.path(), "'" + read.path() + "' was changed by somebody else since it was read; try again");
        }
    }

    private static void check(Foreign foreign, State state) {
        var after = foreign.after();
        if (after != null) {
            var position = state.positions().get(after.stream());
            if (!after.equals(position == null ? Source.none(after.stream()) : position)) {
                throw new TegaException.Conflict(
                        null,
                        "'" + after.stream() + "' was taken over up to revision "
                                + (position == null ? 0 : position.revision()) + ", not " + after.revision());
            }
        }
        for (var condition : foreign.conditions()) {
            if (condition instanceof Foreign.Expected each) {
                check(new Expected(each.path(), each.expectation()), state);
            } else if (condition instanceof Foreign.Unchanged unchanged) {
                var stamp = state.visible().tree().stamp(unchanged.path());
                if (unchanged.present() ? stamp < 0 || stamp > unchanged.since() : stamp >= 0) {
                    throw new TegaException.Conflict(
                            unchanged.path(),
                            "'" + unchanged.path() + "' was changed by somebody else since it was read; try again");
                }
            }
        }
    }

    private static void check(Expected expected, State state) {
        var path = expected.path();
        var stamp = state.visible().tree().stamp(path);
        var expectation = expected.expectation();
        if (expectation instanceof Expectation.Absent) {
            require(stamp < 0, path, "it exists, and is expected not to");
        } else if (expectation instanceof Expectation.Present) {
            require(stamp >= 0, path, "it does not exist, and is expected to");
        } else if (expectation instanceof Expectation.AtRevision at) {
            require(
                    stamp == at.revision(),
                    path,
                    (stamp < 0 ? "it does not exist" : "it last changed at revision " + stamp) + ", and is expected at "
                            + at.revision());
        } else if (expectation instanceof Expectation.AtVersion at) {
            var version = state.version(path);
            require(
                    version >= 0 && version == at.version(),
                    path,
                    (stamp < 0 ? "it does not exist" : "it is at version " + version) + ", and is expected at version "
                            + at.version());
        } else if (expectation instanceof Expectation.Equal equal) {
            require(equal.value().equals(state.visible().tree().get(path)), path, "its value is not the expected one");
        }
    }

    private static void require(boolean holds, Path path, String sentence) {
        if (!holds) {
            throw new TegaException.Precondition(path, "'" + path + "': " + sentence);
        }
    }

    /** Nothing to do takes no revision. */
    private Prepared nothing(State state, Instant now, Circumstances here) {
        var commit = new Commit(
                state.revision(),
                now,
                actor.identity(),
                here.serverId(),
                kind,
                message,
                refersTo,
                List.of(),
                List.of(),
                null,
                Map.of());
        return new Prepared(commit, state, state, false, 0);
    }

    private static boolean isAllVolatile(List<Edit> edits, State state) {
        var names = state.memory().names();
        if (names.isEmpty()) {
            return false;
        }
        var inMemory = new TreeSet<String>();
        var onDisk = new TreeSet<String>();
        for (var root : PendingCommit.durableRoots(edits)) {
            (names.contains(root) ? inMemory : onDisk).add(root);
        }
        if (!inMemory.isEmpty() && !onDisk.isEmpty()) {
            throw new TegaException.Invalid("one commit cannot write both to roots kept in memory only ("
                    + Sentence.list(List.copyOf(inMemory)) + ") and to roots on disk ("
                    + Sentence.list(List.copyOf(onDisk)) + "); make two of it");
        }
        return !inMemory.isEmpty();
    }

    private void noteWaiting(Map<String, Long> versions, State state, List<String> notes) {
        for (var waiting : state.pending()) {
            if (waiting.revision() != refersTo) {
                for (var root : waiting.roots()) {
                    if (versions.containsKey(root)) {
                        notes.add("revision " + waiting.revision() + " of '" + Path.of(root)
                                + "' waits to be confirmed; if it is undone, this change stays");
                    }
                }
            }
        }
    }

    private static Confirm confirm(Window window, State state, Workspace workspace, Map<String, Long> versions) {
        if (versions.isEmpty()) {
            throw new TegaException.Invalid("a confirmed commit must change something durable");
        }
        for (var waiting : state.pending()) {
            for (var root : waiting.roots()) {
                if (versions.containsKey(root)) {
                    throw new TegaException.Conflict(
                            Path.of(root),
                            "revision " + waiting.revision() + " of '" + Path.of(root)
                                    + "' still waits to be confirmed; confirm or cancel it first");
                }
            }
        }
        var undo = new ArrayList<Edit>();
        for (var root : versions.keySet()) {
            if (state.memory().names().contains(root)) {
                throw new TegaException.Invalid(
                        Path.of(root),
                        "'" + Path.of(root)
                                + "' is kept in memory only, so a change of it cannot wait to be confirmed");
            }
            undo.addAll(workspace.durable().diff(state.durable(), Path.of(root)));
        }
        return new Confirm(window.duration(), window.automatic(), undo);
    }
}
