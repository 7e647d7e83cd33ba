package tega.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tega.api.TegaException;
import tega.log.CrashStorage.Mode;
import tega.log.Simulation.Step;

/**
 * The promise of the log, at every call to the disk: after a crash the database is what the acknowledged commits made of it, and
 * perhaps the first of those that were being written; after an error nothing is there that was refused.
 */
class CrashTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");

    private static final List<Mode> MODES = List.of(Mode.values());
    private static final List<Step> STEPS = List.of(Step.values());

    /** Every cut is told; thousands are too many to read. */
    private static final Logger TOLD = Logger.getLogger("tega.log");

    @BeforeAll
    static void quiet() {
        TOLD.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TOLD.setLevel(null);
    }

    private static <T> T any(List<T> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<List<Step>> workloads(int length, List<Step> steps) {
        var all = new ArrayList<List<Step>>();
        all.add(List.of());
        for (var from = 0; length > 0; length--) {
            var to = all.size();
            for (var workload : List.copyOf(all.subList(from, to))) {
                for (var step : steps) {
                    var longer = new ArrayList<>(workload);
                    longer.add(step);
                    all.add(longer);
                }
            }
            from = to;
        }
        return all;
    }

    private static List<List<Step>> shortWorkloads() {
        var all = workloads(NIGHTLY ? 3 : 2, List.of(Step.values()));
        all.addAll(workloads(3, List.of(Step.ONE, Step.MIXED, Step.PICTURE, Step.CLEAR)));
        return all;
    }

    private static void run(Simulation simulation, List<Step> workload) {
        simulation.open();
        workload.forEach(simulation::step);
    }

    /** Runs until the call number {@code call} crashes; false when there are fewer calls. */
    private static boolean crashAt(Simulation simulation, List<Step> workload, int call) {
        simulation.disk().fate((number, what) -> {
            if (number == call) {
                throw new CrashStorage.Crash();
            }
        });
        try {
            run(simulation, workload);
            return false;
        } catch (CrashStorage.Crash e) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aCrashAtAnyCallLosesNothingAcknowledged(Mode mode) {
        for (var workload : shortWorkloads()) {
            var call = 1;
            for (var crashed = true; crashed; call++) {
                var random = new SplittableRandom(call);
                var simulation = new Simulation();
                crashed = crashAt(simulation, workload, call);
                try {
                    simulation.crash(mode, random);
                    simulation.recover();
                    simulation.step(Step.ONE);
                    simulation.step(Step.REOPEN);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(workload + ", crash at call " + call + ", " + mode, e);
                }
            }
            assertThat(call).isGreaterThan(5);
        }
    }

    @Test
    void anErrorAtAnyCallRefusesAndMends() {
        for (var workload : shortWorkloads()) {
            for (var length : new int[] {1, 2, 6, 1000}) {
                var calls = 1;
                for (var call = 1; call <= calls; call++) {
                    calls = failAt(workload, call, length);
                }
            }
        }
    }

    private static int failAt(List<Step> workload, int call, int length) {
        var simulation = new Simulation();
        try {
            simulation.open();
            simulation.disk().fate((number, what) -> {
                if (number >= call && number < call + length) {
                    throw new IOException("no space left or worse");
                }
            });
            for (var step : workload) {
                if (step == Step.REOPEN && length > 100) {
                    simulation.heal();
                }
                simulation.step(step);
            }
            var calls = simulation.disk().calls();
            var random = new SplittableRandom(call);
            if (random.nextBoolean()) {
                simulation.heal();
                simulation.step(Step.THREE);
            }
            simulation.crash(any(MODES, random), random);
            simulation.recover();
            simulation.step(Step.ONE);
            simulation.step(Step.REOPEN);
            return calls;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(workload + ", " + length + " errors from call " + call, e);
        }
    }

    @Test
    void longLivesWithCrashesAndErrors() {
        var seeds = NIGHTLY ? 30_000 : 500;
        for (var seed = 0; seed < seeds; seed++) {
            try {
                live(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void live(SplittableRandom random) {
        var simulation = new Simulation();
        var begun = false;
        for (var life = 0; life < 6; life++) {
            var until = 1 + random.nextInt(120);
            var failing = random.nextInt(4) == 0 ? until / 2 : Integer.MAX_VALUE;
            var length = 1 + random.nextInt(8);
            simulation.disk().fate((number, what) -> {
                if (number == until) {
                    throw new CrashStorage.Crash();
                }
                if (number >= failing && number < failing + length && !what.startsWith("list")) {
                    throw new IOException("no space left or worse");
                }
            });
            try {
                if (begun) {
                    simulation.recover();
                } else {
                    simulation.open();
                    begun = true;
                }
                for (var i = 0; i < 40; i++) {
                    simulation.step(any(STEPS, random));
                }
            } catch (CrashStorage.Crash | TegaException.Unavailable e) {
                // the next life begins
            }
            simulation.crash(any(MODES, random), random);
        }
        simulation.recover();
        simulation.step(Step.ONE);
        simulation.step(Step.REOPEN);
    }
}
