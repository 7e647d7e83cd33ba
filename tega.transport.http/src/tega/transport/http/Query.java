package tega.transport.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.TegaException;

/**
 * The parameters of a request, by v1's rules: a flag is true for {@code True}, {@code true} and {@code 1}, and false for
 * everything else; of a name given twice the first counts; unknown names are ignored.
 */
final class Query {
    static final Query NONE = new Query(new String[0]);

    /** Names and values in turn. */
    private final String[] words;

    private Query(String[] words) {
        this.words = words;
    }

    /** The query part of a URL, without the question mark; {@code INVALID} when an escape is malformed. */
    static Query of(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        var count = 1;
        for (var i = 0; i < text.length(); i++) {
            count += text.charAt(i) == '&' ? 1 : 0;
        }
        var words = new String[2 * count];
        var from = 0;
        for (var i = 0; i < words.length; i += 2) {
            var end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            var equals = text.indexOf('=', from);
            equals = equals < 0 || equals > end ? end : equals;
            words[i] = decode(text, from, equals);
            words[i + 1] = equals == end ? "" : decode(text, equals + 1, end);
            from = end + 1;
        }
        return new Query(words);
    }

    private static String decode(String text, int from, int to) {
        var plain = true;
        for (var i = from; i < to && plain; i++) {
            plain = text.charAt(i) != '%' && text.charAt(i) != '+';
        }
        var word = text.substring(from, to);
        return plain ? word : Percent.decode(word.replace('+', ' '));
    }

    private @Nullable String find(String name) {
        for (var i = 0; i < words.length; i += 2) {
            if (words[i].equals(name)) {
                return words[i + 1];
            }
        }
        return null;
    }

    boolean has(String name) {
        return find(name) != null;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(find(name));
    }

    String required(String name) {
        var text = find(name);
        if (text == null || text.isEmpty()) {
            throw new TegaException.Invalid("the parameter '" + name + "' is missing");
        }
        return text;
    }

    boolean flag(String name) {
        return isTrue(find(name));
    }

    static boolean isTrue(@Nullable String word) {
        return word != null && (word.equals("True") || word.equals("true") || word.equals("1"));
    }

    OptionalLong number(String name) {
        var text = find(name);
        return text == null ? OptionalLong.empty() : OptionalLong.of(number(name, text));
    }

    long requiredNumber(String name) {
        return number(name, required(name));
    }

    static long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("the parameter '" + name + "' is an integer, not '" + text + "'");
        }
    }

    /** A number in a range, {@code otherwise} when it is not given. */
    int bounded(String name, int otherwise, int from, int to) {
        var number = number(name).orElse(otherwise);
        if (number < from || number > to) {
            throw new TegaException.Invalid(
                    "the parameter '" + name + "' is an integer from " + from + " to " + to + ", not " + number);
        }
        return (int) number;
    }

    /** The dotted path in the parameter {@code name}; the empty one when it is not given. */
    Path path(String name) {
        return Path.parse(text(name).orElse(""));
    }

    /** Percent escapes (RFC 3986, section 2.1) in UTF-8. */
    static final class Percent {
        private Percent() {}

        static String decode(String text) {
            if (text.indexOf('%') < 0) {
                return text;
            }
            var from = text.getBytes(StandardCharsets.UTF_8);
            var to = ByteBuffer.allocate(from.length);
            for (var i = 0; i < from.length; i++) {
                if (from[i] != '%') {
                    to.put(from[i]);
                    continue;
                }
                var high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
                var low = i + 2 < from.length ? Character.digit(from[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new TegaException.Invalid(
                            "'" + text + "' has a malformed percent escape (RFC 3986, section 2.1)");
                }
                to.put((byte) ((high << 4) | low));
                i += 2;
            }
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(to.flip()).toString();
            } catch (CharacterCodingException e) {
                throw new TegaException.Invalid("'" + text + "' is not percent-encoded UTF-8");
            }
        }
    }
}
