package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NameExpressionProperties {
    private static final PathPattern ANY = PathPattern.parse("**");
    private static final Pattern JAVA_WORD = Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS);

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Samples.texts(), Arbitraries.strings().withChars("ab1_-. \n").ofMaxLength(12));
    }

    @Provide
    Arbitrary<String> expressions() {
        return expression(3);
    }

    private static Arbitrary<String> expression(int depth) {
        var atoms = Arbitraries.of(
                "a", "b", "1", "-", ".", "[ab]", "[^a]", "[a-b1_]", "\\d", "\\w", "\\W", "\\.", "^", "$", "\\b", "\\\\",
                "[]a]", "\\x61");
        if (depth == 0) {
            return atoms;
        }
        // What is repeated takes a character: of repeated nothings the engines note different places.
        var solid = Arbitraries.of("a", "b", ".", "[ab]", "\\w", "(a|b)", "(?:ab)", "(a)(b)?1", "(?:a|(b))");
        var repeated = Combinators.combine(
                        solid.map(text -> "(?:" + text + ")"),
                        Arbitraries.of("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}"))
                .as((text, times) -> text + times);
        var below = expression(depth - 1);
        return Arbitraries.oneOf(
                atoms,
                repeated,
                below.map(text -> "(" + text + ")"),
                Combinators.combine(below, below).as((a, b) -> a + b),
                Combinators.combine(below, below, below).as((a, b, c) -> a + b + c),
                Combinators.combine(below, below).as((a, b) -> "(?:" + a + "|" + b + ")"));
    }

    @Property(tries = 3000)
    void agreesWithJavaOnWhatBothCanSay(@ForAll("expressions") String expression, @ForAll("names") String name) {
        Assume.that(name.codePoints().allMatch(NameExpressionProperties::isWordOrNotInBoth));
        var java = Pattern.compile(
                        expression.replace("[]a]", "[\\]a]").replace("$", "(?=\\n?\\z)"),
                        Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES)
                .matcher(name);
        Optional<List<String>> expected = Optional.empty();
        if (java.lookingAt()) {
            var groups = new ArrayList<String>();
            for (var i = 1; i <= java.groupCount(); i++) {
                groups.add(java.group(i) == null ? "" : java.group(i));
            }
            expected = Optional.of(groups);
        }
        assertThat(NameExpression.parse(expression).match(name, new Budget(1_000_000, ANY)))
                .isEqualTo(expected);
    }

    /** To Java an accent or a joiner is part of a word, to Python's re, which v1 follows, it is not. */
    private static boolean isWordOrNotInBoth(int c) {
        return NameExpressionText.isWord(c)
                == JAVA_WORD.matcher(Character.toString(c)).matches();
    }

    @Example
    void anAccentOfItsOwnIsNoPartOfAWord() {
        assertThat(groups("(\\w+)", "e\u0300")).contains(List.of("e"));
        assertThat(groups("(\\w+)", "\u00e8_1")).contains(List.of("\u00e8_1"));
    }

    @Property
    void anyTextIsAnExpressionOrRefused(@ForAll("names") String text, @ForAll("names") String name) {
        try {
            var expression = NameExpression.parse(text);
            assertThat(expression).hasToString(text);
            expression.match(name, new Budget(1_000_000, ANY));
        } catch (TegaException.Invalid e) {
            assertThat(e.getMessage()).contains(text);
        }
    }

    @Example
    void ignoresCaseWhenToldTo() {
        assertThat(groups("(?i)(r[a-c]+)X", "RABx1")).contains(List.of("RAB"));
        assertThat(groups("(r)", "R")).isEmpty();
    }

    @Example
    void namesOfGroupsAreForPeople() {
        assertThat(groups("(?P<first>a)(?<second>b)", "ab")).contains(List.of("a", "b"));
    }

    @Example
    void aBraceThatRepeatsNothingIsACharacter() {
        assertThat(groups("a{x}(b)", "a{x}b")).contains(List.of("b"));
        assertThat(groups("{(,2)}", "{,2}")).contains(List.of(",2"));
        assertThat(groups("(b{,2})", "bbb")).contains(List.of("bb"));
    }

    @Example
    void saysWhatIsWrong() {
        for (var text : List.of(
                "(", ")", "a)", "[", "[a", "*", "a**", "a{2}{3}", "a*+", "\\", "[\\", "[z-a]", "(?=a)", "(?!a)",
                "(?<=a)", "(?<!a)", "\\1", "(?P<a", "a{3,2}", "\\p{L}", "\\x1", "(?#c)")) {
            assertThatThrownBy(() -> NameExpression.parse(text))
                    .as(text)
                    .isInstanceOf(TegaException.Invalid.class)
                    .hasMessageContaining("'" + text + "'");
        }
    }

    private static Optional<List<String>> groups(String expression, String name) {
        return NameExpression.parse(expression).match(name, new Budget(10_000, ANY));
    }
}
