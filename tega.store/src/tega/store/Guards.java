package tega.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.plugin.Candidate;
import tega.api.plugin.CommitGuard;
import tega.api.spi.Registration;

/** The guards there are, and what they say about commits that have not happened yet. */
final class Guards {
    private record Guard(String name, Narrowing concern, CommitGuard guard) {}

    /** What a guard has against a commit. */
    record Refusal(Path path, String sentence) {}

    /**
     * What the guards said about an intent as it was prepared on a state.
     *
     * @param roots the roots it depends on; the empty name stands for all of them
     */
    record Verdict(Object guards, State state, Set<String> roots, List<String> notes, List<Refusal> refusals) {
        Verdict {
            notes = List.copyOf(notes);
            refusals = List.copyOf(refusals);
        }

        /** {@code VETOED} with what the guards said, if any refused. */
        void orThrow() {
            if (!refusals.isEmpty()) {
                throw new TegaException.Vetoed(
                        refusals.get(0).path(),
                        String.join(
                                "; ", refusals.stream().map(Refusal::sentence).toList()));
            }
        }
    }

    private volatile List<Guard> guards = List.of();

    synchronized Registration add(String name, List<PathPattern> patterns, CommitGuard guard) {
        var added = new Guard(name, new Narrowing(patterns), guard);
        var more = new ArrayList<>(guards);
        more.add(added);
        guards = List.copyOf(more);
        return () -> remove(added);
    }

    @SuppressWarnings("ReferenceEquality") // one registration, not one like it
    private synchronized void remove(Guard guard) {
        guards = guards.stream().filter(other -> other != guard).toList();
    }

    boolean isEmpty() {
        return guards.isEmpty();
    }

    /** Asks those that are concerned. */
    Verdict judge(Intent intent, Prepared prepared) {
        var asked = guards;
        var notes = new ArrayList<String>();
        var refusals = new ArrayList<Refusal>();
        for (var guard : asked) {
            var edits = guard.concern.of(
                    prepared.commit().edits(), prepared.before().visible().tree());
            if (!edits.isEmpty()) {
                ask(guard, new Look(intent.actor().identity(), edits, prepared, notes, refusals));
            }
        }
        return new Verdict(asked, prepared.before(), roots(intent, prepared), notes, refusals);
    }

    private static void ask(Guard guard, Look look) {
        try {
            guard.guard.check(look);
        } catch (RuntimeException | StackOverflowError e) {
            look.refuse(look.edits().get(0).path(), "the guard " + guard.name + " failed: " + e);
        }
    }

    private static Set<String> roots(Intent intent, Prepared prepared) {
        var roots = new LinkedHashSet<String>();
        for (var operation : intent.operations()) {
            roots.add(operation.path().isEmpty() ? "" : operation.path().root());
        }
        for (var edit : prepared.commit().edits()) {
            roots.add(edit.path().root());
        }
        return roots;
    }

    /** Whether the guards would be shown the same on {@code now} as they were for {@code verdict}. */
    @SuppressWarnings("ReferenceEquality") // the list is replaced when it changes
    boolean holds(Verdict verdict, State now) {
        if (verdict.guards != guards) {
            return false;
        }
        var then = verdict.state.visible().tree();
        var tree = now.visible().tree();
        for (var root : verdict.roots) {
            var path = root.isEmpty() ? Path.EMPTY : Path.of(root);
            if (then.stamp(path) != tree.stamp(path)) {
                return false;
            }
        }
        return true;
    }

    /** What one guard is shown. */
    private record Look(Identity by, List<Edit> edits, Prepared prepared, List<String> notes, List<Refusal> refusals)
            implements Candidate {
        @Override
        public Tree before() {
            return prepared.before().visible().tree();
        }

        @Override
        public Tree after() {
            return prepared.after().visible().tree();
        }

        @Override
        public void refuse(Path path, String sentence) {
            refusals.add(new Refusal(path, sentence));
        }

        @Override
        public void note(Path path, String sentence) {
            notes.add("'" + path + "': " + sentence);
        }
    }
}
