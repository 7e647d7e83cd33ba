package tega.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BelongingsTest {
    private final Belongings belongings = new Belongings();
    private final List<String> closed = new ArrayList<>();

    private void keep(String name) {
        belongings.keep(name, () -> closed.add(name));
    }

    @Test
    void allIsGivenBackAtTheEndAndWhatComesLaterAtOnce() {
        keep("a");
        keep("b");
        assertThat(belongings.close("a")).isTrue();
        assertThat(belongings.close("a")).isFalse();
        assertThat(closed).containsExactly("a");
        belongings.end();
        assertThat(closed).containsExactly("a", "b");
        keep("late");
        assertThat(closed).containsExactly("a", "b", "late");
        assertThat(belongings.size()).isZero();
    }

    /** What is given back may itself ask for the belongings: nothing is locked meanwhile. */
    @Test
    void closingMayLookAtThem() {
        belongings.keep("a", () -> closed.add("" + belongings.has("a")));
        belongings.clear();
        keep("b");
        assertThat(closed).containsExactly("false");
        assertThat(belongings.has("b")).isTrue();
    }
}
