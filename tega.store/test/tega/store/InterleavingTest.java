package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.store.Interleaver.Choice;

/**
 * The classes that many threads use at once, under every order of their steps in which a thread is stopped against its will no
 * more often than said, and in thousands of drawn ones.
 */
class InterleavingTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");
    private static final Interleaved CLASSES = new Interleaved(Set.of(
            "Committer",
            "CommitQueue",
            "Submission",
            "Store",
            "Chronicle",
            "Dispatcher",
            "WatchIndex",
            "Watcher",
            "Mailbox",
            "Backlog",
            "RootLog",
            "Interleavings"));

    /** So few steps that a thread can be stopped twice in each run. */
    private static final Set<Class<?>> TWICE =
            Set.of(Interleavings.Writers.class, Interleavings.Ring.class, Interleavings.Versions.class);

    private static Interleaving made(Class<?> scenario) {
        try {
            var constructor = CLASSES.loadClass(scenario.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Interleaving) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static List<Choice> run(Class<?> scenario, Interleaver.Decision decision) {
        var run = made(scenario);
        var choices = Interleaver.run(run.threads(), decision);
        try {
            run.check();
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + " after the schedule "
                            + choices.stream().map(Choice::taken).toList(),
                    e);
        }
        return choices;
    }

    /** Every schedule with so many preemptions at most; returns how many there are. */
    private static int all(Class<?> scenario, int preemptions) {
        List<Integer> prefix = List.of();
        for (var runs = 1; ; runs++) {
            var begin = prefix;
            var choices = run(scenario, (step, options) -> step < begin.size() ? begin.get(step) : 0);
            var next = next(choices, preemptions);
            if (next.isEmpty()) {
                return runs;
            }
            prefix = next;
        }
    }

    /** The decisions of the next schedule, as far as they are not the usual ones; empty when there is none. */
    private static List<Integer> next(List<Choice> choices, int preemptions) {
        for (var i = choices.size() - 1; i >= 0; i--) {
            var spent = 0;
            for (var choice : choices.subList(0, i)) {
                spent += choice.preempts() && choice.taken() > 0 ? 1 : 0;
            }
            var choice = choices.get(i);
            if (choice.taken() + 1 < choice.options().size() && (!choice.preempts() || spent < preemptions)) {
                var prefix = new ArrayList<Integer>();
                choices.subList(0, i).forEach(before -> prefix.add(before.taken()));
                prefix.add(choice.taken() + 1);
                return prefix;
            }
        }
        return List.of();
    }

    private static void drawn(Class<?> scenario, int runs) {
        for (var seed = 0; seed < runs; seed++) {
            var random = new SplittableRandom(seed);
            try {
                run(scenario, (step, options) -> random.nextInt(6) == 0 ? random.nextInt(options.size()) : 0);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Interleavings.Writers.class,
                Interleavings.Counters.class,
                Interleavings.WriterAndEnd.class,
                Interleavings.Readers.class,
                Interleavings.Watching.class,
                Interleavings.WatchingState.class,
                Interleavings.BeginningToWatch.class,
                Interleavings.EndingAWatch.class,
                Interleavings.Ring.class,
                Interleavings.Versions.class
            })
    void holdsInEveryOrderOfSteps(Class<?> scenario) {
        var runs = all(scenario, NIGHTLY || TWICE.contains(scenario) ? 2 : 1);
        assertThat(runs).isGreaterThan(20);
        drawn(scenario, NIGHTLY ? 20_000 : 200);
    }

    @Test
    void threeWritersDoNotLoseOneAnother() {
        drawn(Interleavings.ThreeWriters.class, NIGHTLY ? 50_000 : 500);
    }

    @Test
    void findsWhatItIsFor() {
        assertThatThrownBy(() -> all(Interleavings.LostUpdate.class, 1)).hasMessageContaining("count is 1");
        assertThatThrownBy(() -> all(Interleavings.LostWakeUp.class, 1)).hasMessageContaining("nobody can go on");
        assertThatThrownBy(() -> all(Interleavings.Deadlock.class, 1)).hasMessageContaining("nobody can go on");
        assertThatThrownBy(() -> drawn(Interleavings.LostUpdate.class, 1000)).hasRootCauseMessage("count is 1");
    }
}
