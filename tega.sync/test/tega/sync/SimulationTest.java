package tega.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Servers, plugins and clients under a seed: whatever goes wrong, in the end everything is as it should be. {@code -Dtega.seed=N}
 * plays one seed and prints what goes over the network.
 */
class SimulationTest {
    private static final int SEEDS = Boolean.getBoolean("tega.nightly") ? 5000 : 200;
    private static final long ONE = Long.getLong("tega.seed", 0);
    private static final Net.Tamper HONEST = (from, to, frame) -> frame;

    private static final Logger TOLD = Logger.getLogger("tega");

    @BeforeAll
    static void quiet() {
        TOLD.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TOLD.setLevel(null);
    }

    private static World run(World world, long seed) {
        try {
            world.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
        return world;
    }

    @Test
    void whateverGoesWrongItEndsWell() {
        if (ONE != 0) {
            var world = new World(ONE, HONEST);
            world.net.trace = line -> System.out.println(world.clock.now() + " " + line);
            run(world, ONE);
            return;
        }
        for (var seed = 1; seed <= SEEDS; seed++) {
            run(new World(seed, HONEST), seed);
        }
    }

    @Test
    void aSeedReplaysExactly() {
        for (var seed = 1; seed <= 5; seed++) {
            assertThat(run(new World(seed, HONEST), seed).digest())
                    .as("what went over the network with seed %s", seed)
                    .isEqualTo(run(new World(seed, HONEST), seed).digest());
        }
    }

    /** A simulation that finds nothing is worth nothing. */
    @Test
    void everyOldFaultIsFound() {
        for (var fault : OldFault.values()) {
            assertThat(findsIt(fault)).as("%s is found", fault).isTrue();
        }
    }

    private static boolean findsIt(OldFault fault) {
        for (var seed = 1; seed <= 100; seed++) {
            try {
                new World(seed, fault).run();
            } catch (AssertionError found) {
                return true;
            }
        }
        return false;
    }
}
