package tega.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import tega.api.TegaException;

/** A bundle tells more while somebody looks, and as much as before when they are done. */
class LogLevelsTest {
    private static final String BUNDLE = "tega.deploy.test.talkative";

    @Test
    void aLevelHoldsForTheBundleUntilItIsTheUsualAgain() {
        var levels = new LogLevels();
        var below = Logger.getLogger(BUNDLE + ".Part");
        assertThat(below.isLoggable(Level.FINEST)).isFalse();
        levels.set(BUNDLE, "trace");
        assertThat(below.isLoggable(Level.FINEST)).isTrue();
        assertThat(levels.all().toString()).isEqualTo("{\"" + BUNDLE + "\":\"trace\"}");
        levels.set(BUNDLE, "usual");
        assertThat(below.isLoggable(Level.FINEST)).isFalse();
        assertThat(levels.all().isEmpty()).isTrue();
    }

    @Test
    void whatIsNoLevelIsSaid() {
        assertThatThrownBy(() -> new LogLevels().set(BUNDLE, "loud"))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("'loud' is no level");
    }
}
