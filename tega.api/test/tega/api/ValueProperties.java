package tega.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ValueProperties {
    @Provide
    Arbitrary<Value> values() {
        return Samples.values(Samples.fewNames());
    }

    @Provide
    Arbitrary<String> numberTexts() {
        return Samples.numberTexts();
    }

    @Property
    void equalValuesHaveEqualTextAndOthersDoNot(@ForAll("values") Value a, @ForAll("values") Value b) {
        assertThat(a.equals(b)).isEqualTo(a.toString().equals(b.toString())).isEqualTo(b.equals(a));
        if (a.equals(b)) {
            assertThat(a).hasSameHashCodeAs(b);
        }
    }

    @Property
    void aRebuiltValueIsEqual(@ForAll("values") Value value) {
        var copy = rebuilt(value);
        assertThat(copy).isEqualTo(value).hasSameHashCodeAs(value).hasToString(value.toString());
    }

    private static Value rebuilt(Value value) {
        if (value instanceof ObjectValue object) {
            var copy = Value.object();
            for (var member : object) {
                copy = copy.with(member.name(), rebuilt(member.value()));
            }
            return copy;
        }
        if (value instanceof ArrayValue array) {
            return Value.array(
                    array.items().stream().map(ValueProperties::rebuilt).toList());
        }
        if (value instanceof StringValue string) {
            return Value.of(String.valueOf(string.text().toCharArray()));
        }
        return value instanceof NumberValue number ? NumberValue.parse(number.toString()) : value;
    }

    @Property
    void aNumberKeepsItsText(@ForAll("numberTexts") String text) {
        var number = NumberValue.parse(text);
        assertThat(number).hasToString(text);
        assertThat(number.decimal()).isEqualByComparingTo(new BigDecimal(text));
        assertThat(number.doubleValue()).isEqualTo(Double.parseDouble(text));
    }

    @Property
    void numbersAreEqualWhenTheirTextIs(@ForAll("numberTexts") String a, @ForAll("numberTexts") String b) {
        assertThat(NumberValue.parse(a).equals(NumberValue.parse(b))).isEqualTo(a.equals(b));
        assertThat(NumberValue.parse(a).compareNumerically(NumberValue.parse(b)))
                .isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)));
    }

    @Property(edgeCases = EdgeCasesMode.FIRST)
    void aLongReadsBack(@ForAll long number) {
        assertThat(NumberValue.parse(Long.toString(number))).isEqualTo(Value.of(number));
        assertThat(Value.of(BigInteger.valueOf(number))).isEqualTo(Value.of(number));
        assertThat(Value.of(number).longValue()).isEqualTo(number);
        assertThat(NumberValue.parse(number + "e0").longValue()).isEqualTo(number);
    }

    @Property(edgeCases = EdgeCasesMode.FIRST)
    void aFiniteDoubleReadsBack(@ForAll double number) {
        assertThat(Value.of(number).doubleValue()).isEqualTo(number);
    }

    // WHY: whoever embeds tega may build what no parser would let in.
    @Example
    void noDepthIsTooDeep() {
        assertThat(deep(1)).isEqualTo(deep(1)).hasSameHashCodeAs(deep(1)).isNotEqualTo(deep(2));
        assertThat(deep(1).toString()).hasSize(100_000 * 8 + 1).isEqualTo(deep(1).toString());
        assertThat(JsonText.digest(deep(1))).isEqualTo(JsonText.digest(deep(1))).isNotEqualTo(JsonText.digest(deep(2)));
        assertThat(Value.array(Value.object())).isNotEqualTo(Value.array(Value.array()));
        assertThat(Value.array(Value.of(1))).isNotEqualTo(Value.array(Value.array()));
    }

    private static Value deep(long heart) {
        Value value = Value.of(heart);
        for (var i = 0; i < 100_000; i++) {
            value = Value.object("n", Value.array(value));
        }
        return value;
    }
}
