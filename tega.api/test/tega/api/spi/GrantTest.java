package tega.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.TegaException;

/** The one line of a grant: what is typed in the shell, sent to REST and kept in the register. */
class GrantTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "alice may read config                     ; alice may read config.**",
                "alice may read config.**                  ; alice may read config.**",
                "alice may write,read config.*.mtu         ; alice may read,write config.*.mtu.**",
                "alice may not write config.keys           ; alice may not write config.keys.**",
                "  alice   may   not   write   config.keys ; alice may not write config.keys.**",
                "@ops may call,call **                     ; @ops may call **",
                "* may all public                          ; * may read,write,call,publish,admin public.**",
                "not may not read **                       ; not may not read **",
                "a may read nets.\"172.21.1.0/24\"         ; a may read nets.\"172.21.1.0/24\".**",
            })
    void isReadAsItIsMeant(String line, String same) {
        var grant = Grant.parse(line);
        var other = Grant.parse(same);
        assertThat(grant.name()).isEqualTo(other.name());
        assertThat(grant.deny()).isEqualTo(other.deny());
        assertThat(grant.actions()).isEqualTo(other.actions());
        assertThat(Grant.parse(grant.toString())).as("what it writes of itself").isEqualTo(grant);
        assertThat(grant.toString() + (grant.toString().endsWith("**") ? "" : ".**"))
                .isEqualTo(same);
    }

    @Test
    void allIsEveryAction() {
        assertThat(Grant.parse("x may all a").actions()).isEqualTo(EnumSet.allOf(Action.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "alice may",
                "alice may read",
                "alice may not read",
                "alice can read config",
                "alice may look config",
                "alice may read, config",
                "alice may READ config",
                "alice may read config..x",
            })
    void whatIsNoneIsRefusedInOneLine(String line) {
        assertThatThrownBy(() -> Grant.parse(line))
                .isInstanceOf(TegaException.Invalid.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
