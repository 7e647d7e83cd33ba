package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberValueTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "-01",
                "1.",
                ".1",
                "1e",
                "1e+",
                "1.e1",
                "NaN",
                "Infinity",
                "-Infinity",
                "0x1",
                "1 ",
                " 1",
                "1,0",
                "1f",
                "\u0661",
                "--1"
            })
    void refusesWhatIsNoJsonNumber(String text) {
        assertThatThrownBy(() -> NumberValue.parse(text)).isInstanceOf(TegaException.Invalid.class);
    }

    @Test
    void refusesWhatJsonCannotSay() {
        assertThatThrownBy(() -> Value.of(Double.NaN)).isInstanceOf(TegaException.Invalid.class);
        assertThatThrownBy(() -> Value.of(Double.NEGATIVE_INFINITY)).isInstanceOf(TegaException.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "1.5",
                "1e19",
                "1e999999999",
                "1e-999999999",
                "1e99999999999"
            })
    void aNumberBeyondLongSaysSo(String text) {
        var number = NumberValue.parse(text);
        assertThat(number.isLong()).isFalse();
        assertThatThrownBy(number::longValue)
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining(text);
    }

    @Test
    void theEndsOfLongAreLongs() {
        assertThat(NumberValue.parse("9223372036854775807")).isEqualTo(Value.of(Long.MAX_VALUE));
        assertThat(NumberValue.parse("-9223372036854775808")).isEqualTo(Value.of(Long.MIN_VALUE));
        assertThat(NumberValue.parse("-0")).isNotEqualTo(Value.of(0)).hasToString("-0");
    }

    @Test
    void differentTextsOfOneNumberAreDifferentValues() {
        assertThat(NumberValue.parse("1.0")).isNotEqualTo(NumberValue.parse("1"));
        assertThat(NumberValue.parse("1.0").compareNumerically(NumberValue.parse("1e0")))
                .isZero();
    }
}
