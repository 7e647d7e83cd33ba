package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tega.api.Value;

class TableTest {
    @Test
    void objectsOfObjectsAreRowsWithAColumnForEveryName() {
        var value = Value.object("eth0", Value.object("up", Value.of(true)).with("mtu", Value.of(1500)))
                .with("wlan", Value.object("ssid", Value.of("home")));
        assertThat(Table.of(value).lines())
                .containsExactly("      mtu   up    ssid", "eth0  1500  true", "wlan              home");
    }

    @Test
    void otherObjectsAreTwoColumns() {
        assertThat(Table.of(Value.object("b", Value.array(Value.of(1))).with("a", Value.of("x")))
                        .lines())
                .containsExactly("a  x", "b  [1]");
    }

    @Test
    void arraysOfObjectsAreRowsWithoutAName() {
        assertThat(Table.of(Value.array(Value.object("n", Value.of(1)), Value.object("n", Value.of(20))))
                        .lines())
                .containsExactly("n", "1", "20");
    }

    @Test
    void allElseIsOneCell() {
        assertThat(Table.of(Value.NULL).lines()).containsExactly("null");
        assertThat(Table.of(Value.array()).lines()).isEmpty();
    }
}
