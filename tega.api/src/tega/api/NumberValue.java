package tega.api;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON number of any size and precision, kept as the text it was given (RFC 8259, section 6): {@code 1}, {@code 1.0}
 * and {@code 1e0} are three different values that {@link #compareNumerically} finds equal. Integers that fit a long and are
 * written the usual way are stored as one.
 */
public final class NumberValue implements Value {
    private static final int SMALL_FROM = -128;
    private static final int SMALL_TO = 1024;
    private static final NumberValue[] SMALL = new NumberValue[SMALL_TO - SMALL_FROM];

    static {
        for (var i = 0; i < SMALL.length; i++) {
            SMALL[i] = new NumberValue(SMALL_FROM + i, null);
        }
    }

    private final long integer;
    private final @Nullable String literal;

    private NumberValue(long integer, @Nullable String literal) {
        this.integer = integer;
        this.literal = literal;
    }

    static NumberValue of(long number) {
        return number >= SMALL_FROM && number < SMALL_TO
                ? SMALL[(int) number - SMALL_FROM]
                : new NumberValue(number, null);
    }

    static NumberValue of(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new TegaException.Invalid(number + " is not a JSON number");
        }
        return parse(Double.toString(number));
    }

    /** The number written as {@code text}; {@code INVALID} unless it follows the grammar of RFC 8259, section 6. */
    public static NumberValue parse(String text) {
        if (isPlainInteger(text)) {
            try {
                return of(Long.parseLong(text));
            } catch (NumberFormatException e) {
                return new NumberValue(0, text); // of 19 digits, yet beyond 64 bits
            }
        }
        if (!isNumber(text)) {
            throw new TegaException.Invalid("'" + shortened(text) + "' is not a JSON number");
        }
        return new NumberValue(0, text);
    }

    /** Whether {@code Long.toString} of the number would give {@code text} back, were it not for its range. */
    private static boolean isPlainInteger(String text) {
        var size = text.length();
        var first = size > 0 && text.charAt(0) == '-' ? 1 : 0;
        if (size - first < 1 || size - first > 19 || digits(text, first) != size) {
            return false;
        }
        return text.charAt(first) != '0' || size == 1;
    }

    private static boolean isNumber(String text) {
        var at = text.startsWith("-") ? 1 : 0;
        var afterInteger = digits(text, at);
        if (afterInteger == at || (text.charAt(at) == '0' && afterInteger > at + 1)) {
            return false;
        }
        at = afterInteger;
        if (at < text.length() && text.charAt(at) == '.') {
            var afterFraction = digits(text, at + 1);
            if (afterFraction == at + 1) {
                return false;
            }
            at = afterFraction;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            var afterExponent = digits(text, at);
            if (afterExponent == at) {
                return false;
            }
            at = afterExponent;
        }
        return at == text.length();
    }

    private static int digits(String text, int from) {
        var at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** Whether this is stored as a long; then {@link #longValue()} is exact and its decimal text is the number's. */
    public boolean isLong() {
        return literal == null;
    }

    /** The number as a long; {@code INVALID} when it is not an integer or does not fit. */
    public long longValue() {
        if (literal == null) {
            return integer;
        }
        try {
            // Without this check the conversion takes time and memory in proportion to the exponent.
            var decimal = decimal();
            if (decimal.precision() - (long) decimal.scale() > 19) {
                throw new ArithmeticException("too large");
            }
            return decimal.longValueExact();
        } catch (ArithmeticException e) {
            throw new TegaException.Invalid("'" + shortened(literal) + "' is not an integer of 64 bits");
        }
    }

    /** The nearest double; infinite when the number is out of its range. */
    public double doubleValue() {
        return literal == null ? (double) integer : Double.parseDouble(literal);
    }

    /** The exact number; {@code INVALID} when its exponent exceeds 32 bits. */
    public BigDecimal decimal() {
        if (literal == null) {
            return BigDecimal.valueOf(integer);
        }
        try {
            return new BigDecimal(literal);
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("'" + shortened(literal) + "' has too large an exponent");
        }
    }

    /** Compares the numbers, not their texts: negative, zero or positive as this is less, equal or greater. */
    public int compareNumerically(NumberValue other) {
        return literal == null && other.literal == null
                ? Long.compare(integer, other.integer)
                : decimal().compareTo(other.decimal());
    }

    @Override
    public String kind() {
        return "number";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberValue that && integer == that.integer && Objects.equals(literal, that.literal);
    }

    @Override
    public int hashCode() {
        return literal == null ? Long.hashCode(integer) : literal.hashCode();
    }

    /** The number's JSON text, as given. */
    @Override
    public String toString() {
        return literal == null ? Long.toString(integer) : literal;
    }
}
