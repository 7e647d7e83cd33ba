package tega.api;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Names, paths and values to try the laws on, the awkward ones first. */
final class Samples {
    private static final List<String> AWKWARD = List.of(
            "",
            ".",
            "..",
            "*",
            "**",
            "%",
            "/",
            "\\",
            "\"",
            "_version",
            "items",
            "__proto__",
            "\ud800",
            "\udc00\ud800",
            "\uffff",
            "\ue000",
            "\ud83d\ude00",
            "\u0000",
            "\u0085",
            "a b",
            "172.21.1.0/24",
            "null",
            "~",
            "\u00e9");

    /** The order of names, code point by code point. */
    static final Comparator<String> BY_CODE_POINT = (a, b) -> {
        var at = 0;
        while (at < a.length() && at < b.length() && a.codePointAt(at) == b.codePointAt(at)) {
            at += Character.charCount(a.codePointAt(at));
        }
        return at >= a.length() || at >= b.length()
                ? Integer.compare(a.length(), b.length())
                : Integer.compare(a.codePointAt(at), b.codePointAt(at));
    };

    private Samples() {}

    /** Any sequence of UTF-16 code units. */
    static Arbitrary<String> texts() {
        var units = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.chars().range('a', 'e')),
                Tuple.of(3, Arbitraries.chars().with(".\"\\*()|;>/% _-~?#&+:'[]{}")),
                Tuple.of(1, Arbitraries.chars().range('\u0000', '\u00a0')),
                Tuple.of(2, Arbitraries.chars().range('\ud800', '\udfff')),
                Tuple.of(1, Arbitraries.chars().range('\ue000', '\uffff')),
                Tuple.of(1, Arbitraries.chars().all()));
        return Arbitraries.oneOf(
                Arbitraries.of(AWKWARD), units.list().ofMaxSize(8).map(Samples::join));
    }

    private static String join(List<Character> units) {
        var text = new StringBuilder();
        units.forEach(text::append);
        return text.toString();
    }

    /** Paths of any names. */
    static Arbitrary<Path> paths() {
        return texts().list().ofMaxSize(5).map(Path::of);
    }

    /** Few names, so that histories meet. */
    static Arbitrary<String> fewNames() {
        return Arbitraries.of("a", "b", "c", "", "\ud83d\ude00", "\ue000", "_version");
    }

    /** Many names of one length or two, so that objects become wide. */
    static Arbitrary<String> manyNames() {
        return Arbitraries.integers().between(0, 400).map(number -> "n" + number);
    }

    /** Numbers as JSON texts. */
    static Arbitrary<String> numberTexts() {
        var digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(25);
        var integer = digits.map(text -> text.replaceFirst("^0+(?=.)", ""));
        var sign = Arbitraries.of("", "-");
        var fraction = Arbitraries.oneOf(Arbitraries.just(""), digits.map(text -> "." + text));
        var exponent = Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.of("e", "E", "e+", "E-", "e-")
                        .flatMap(e -> Arbitraries.integers().between(0, 400).map(power -> e + power)));
        return Combinators.combine(sign, integer, fraction, exponent).as((s, i, f, e) -> s + i + f + e);
    }

    /** Values without members. */
    static Arbitrary<Value> scalars() {
        return Arbitraries.oneOf(
                Arbitraries.of(Value.NULL, Value.of(true), Value.of(false)),
                Arbitraries.integers().between(0, 5).map(number -> (Value) Value.of(number)),
                Arbitraries.longs().map(number -> (Value) Value.of(number)),
                numberTexts().map(text -> (Value) NumberValue.parse(text)),
                texts().map(text -> (Value) Value.of(text)));
    }

    /** Values of any shape with members of {@code names}. */
    static Arbitrary<Value> values(Arbitrary<String> names) {
        return values(names, 3);
    }

    /** Objects with members of {@code names}. */
    static Arbitrary<ObjectValue> objects(Arbitrary<String> names) {
        return objects(names, 3);
    }

    private static Arbitrary<Value> values(Arbitrary<String> names, int depth) {
        if (depth == 0) {
            return scalars();
        }
        return Arbitraries.frequencyOf(
                Tuple.of(2, scalars()),
                Tuple.of(1, values(names, depth - 1).list().ofMaxSize(3).map(Value::array)),
                Tuple.of(2, objects(names, depth).map(object -> object)));
    }

    private static Arbitrary<ObjectValue> objects(Arbitrary<String> names, int depth) {
        return Combinators.combine(names, values(names, depth - 1))
                .as(Member::new)
                .list()
                .ofMaxSize(4)
                .map(members -> {
                    var builder = ObjectValue.builder();
                    members.forEach(member -> builder.put(member.name(), member.value()));
                    return builder.build();
                });
    }
}
