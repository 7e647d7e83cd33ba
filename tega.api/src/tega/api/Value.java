package tega.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;

/**
 * A JSON value (RFC 8259). Immutable, comparable by content, safe to share between threads and versions.
 *
 * <p>Numbers keep the text they were given, so {@code 1} and {@code 1.0} are two values. Its {@code toString()} is compact
 * JSON with members in code-point order: equal values have equal text.
 */
public sealed interface Value permits ObjectValue, ArrayValue, StringValue, NumberValue, BooleanValue, NullValue {

    /** The JSON null: a value, distinct from absent. */
    Value NULL = NullValue.INSTANCE;

    /** What kind of value this is, in the words of RFC 8259: object, array, string, number, boolean or null. */
    String kind();

    /** A string. */
    static StringValue of(String text) {
        return new StringValue(text);
    }

    /** An integer. */
    static NumberValue of(long number) {
        return NumberValue.of(number);
    }

    /** A binary floating point number as its shortest decimal text; NaN and infinities are {@code INVALID}. */
    static NumberValue of(double number) {
        return NumberValue.of(number);
    }

    /** An integer of any size. */
    static NumberValue of(BigInteger number) {
        return NumberValue.parse(number.toString());
    }

    /** A decimal of any size and scale. */
    static NumberValue of(BigDecimal number) {
        return NumberValue.parse(number.toString());
    }

    /** True or false. */
    static BooleanValue of(boolean truth) {
        return truth ? BooleanValue.TRUE : BooleanValue.FALSE;
    }

    /** An array of these values, in their order. */
    static ArrayValue array(Value... items) {
        return ArrayValue.of(items);
    }

    /** An array of these values, in their order. */
    static ArrayValue array(Collection<? extends Value> items) {
        return ArrayValue.of(items);
    }

    /** The empty object; grow it by {@link ObjectValue#with} or an {@link ObjectValue.Builder}. */
    static ObjectValue object() {
        return CompactObject.NONE;
    }

    /** An object with one member. */
    static ObjectValue object(String name, Value value) {
        return CompactObject.NONE.with(name, value);
    }

    /** An object with two members. */
    static ObjectValue object(String name1, Value value1, String name2, Value value2) {
        return CompactObject.NONE.with(name1, value1).with(name2, value2);
    }

    /** An object with the members of {@code map}. */
    static ObjectValue object(Map<String, ? extends Value> map) {
        var builder = ObjectValue.builder();
        map.forEach(builder::put);
        return builder.build();
    }
}
