package tega.api;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\'',
            value = {
                "a.b a.b true",
                "a.b a.b.c false",
                "a.* a.b true",
                "a.* a false",
                "a.* a.b.c false",
                "** a.b.c true",
                "a.** a true",
                "a.** a.b.c true",
                "a.**.c a.c true",
                "a.**.c a.b.b.c true",
                "a.**.c a.b.c.d false",
                "**.b.**.b.* b.b.b true",
                "**.b.**.b.* b.b false",
                "a.\"*\" a.\"*\" true",
                "a.\\* a.b false",
                "a.\"x.y\".* a.\"x.y\".z true",
                "a.x\"y.z\" a.x\"y.z\" true"
            })
    void means(String pattern, String path, boolean matches) {
        assertThat(PathPattern.parse(pattern).matches(Path.parse(path))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", ".", "a.", "\"a", "a\\"})
    void refusesMalformedPatterns(String text) {
        assertThatThrownBy(() -> PathPattern.parse(text)).isInstanceOf(TegaException.Invalid.class);
    }

    @Test
    void patternsAreEqualWhenTheirPartsAre() {
        assertThat(PathPattern.parse("a.\"b\"")).isEqualTo(PathPattern.subtree(Path.of("a", "b")));
        assertThat(PathPattern.parse("a.*")).isNotEqualTo(PathPattern.subtree(Path.of("a", "*")));
        assertThat(PathPattern.regex(List.of("a\\.b", "c"))).isNotEqualTo(PathPattern.regex(List.of("a", "b\\.c")));
        assertThat(PathPattern.regex("a")).isNotEqualTo(PathPattern.parse("a"));
    }

    @Test
    void v1ExpressionsAreCutAtEscapedDotsAndMatchFromTheStart() {
        var pattern = PathPattern.regex("(\\w)-(\\w)\\.(a)");
        assertThat(pattern.parts()).hasSize(2);
        assertThat(pattern.groups(Path.parse("r-a.a"))).contains(List.of(List.of("r", "a"), List.of("a")));
        assertThat(pattern.groups(Path.parse("r-abc.abc"))).contains(List.of(List.of("r", "a"), List.of("a")));
        assertThat(pattern.matches(Path.parse("xr-a.a"))).isFalse();
        assertThat(pattern.matches(Path.parse("r-a"))).isFalse();
        assertThat(pattern.matches(Path.parse("r-a.a.a"))).isFalse();
        assertThat(PathPattern.regex("r.*\\.(.*)\\.b").groups(Path.parse("root.x.b")))
                .contains(List.of(List.of("x")));
    }

    @Test
    void manyWildcardsForManyNamesDoNotStall() {
        var pattern = PathPattern.parse("**.a.".repeat(30) + "b");
        var path = Path.of(Collections.nCopies(64, "a"));
        assertTimeoutPreemptively(
                ofSeconds(5), () -> assertThat(pattern.matches(path)).isFalse());
        assertThat(pattern.matches(path.child("b"))).isTrue();
        assertThat(PathPattern.parse("**.".repeat(1000) + "**").matches(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+b",
                "(a*)*b",
                "(a|a)*b",
                "(a|aa)+$b",
                "((a*)*)*b",
                "(?:a?){200}a{200}b",
                "(.*)(.*)(.*)(.*)(.*)b",
                "a*a*a*a*a*a*a*a*a*a*b"
            })
    void expressionsThatExplodeElsewhereJustDoNotMatch(String expression) {
        var pattern = PathPattern.regex(List.of(expression));
        assertTimeoutPreemptively(ofSeconds(5), () -> assertThat(pattern.matches(Path.of("a".repeat(60))))
                .isFalse());
    }

    @Test
    void choicesBetweenNothingsDoNotStall() {
        var pattern = PathPattern.regex(List.of("a" + "(?:|)".repeat(60) + "(?:b*)?".repeat(60) + "x"));
        assertTimeoutPreemptively(
                ofSeconds(5), () -> assertThat(pattern.matches(Path.of("a"))).isFalse());
    }

    @Test
    void aBudgetEndsWhatIsTooMuch() {
        var pattern = PathPattern.regex(List.of("(?:.*a){50}x"));
        assertTimeoutPreemptively(ofSeconds(5), () -> {
            assertThatThrownBy(() -> pattern.matches(Path.of("a".repeat(10_000))))
                    .isInstanceOf(TegaException.LimitExceeded.class);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{100}){100}){100}", "(?:(?:(?:){1000}){1000}){1000}", "a{1001}", "a{99999999999}"})
    void repetitionsThatMakeTooMuchAreRefused(String expression) {
        assertTimeoutPreemptively(ofSeconds(5), () -> assertThatThrownBy(() -> PathPattern.regex(List.of(expression)))
                .isInstanceOf(TegaException.LimitExceeded.class));
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> PathPattern.regex(List.of("(?:".repeat(10_000) + ")".repeat(10_000))))
                .isInstanceOf(TegaException.LimitExceeded.class);
    }

    @Test
    void walksNameByName() {
        var pattern = PathPattern.regex("(a.)\\.b");
        var caught = new ArrayList<List<String>>();
        assertThat(pattern.matchesName(0, "abc", caught)).isTrue();
        assertThat(pattern.matchesName(1, "b", caught)).isTrue();
        assertThat(pattern.matchesName(1, "c", caught)).isFalse();
        assertThat(caught).containsExactly(List.of("ab"));
    }

    @Test
    void tellsItsFixedPart() {
        assertThat(PathPattern.parse("a.b.*.c").prefix()).isEqualTo(Path.of("a", "b"));
        assertThat(PathPattern.parse("a.b").isExact()).isTrue();
        assertThat(PathPattern.parse("a.**").isExact()).isFalse();
        assertThat(PathPattern.parse("").matches(Path.EMPTY)).isTrue();
    }

    @Test
    void findsTheNodesOfATree() {
        var tree = Tree.EMPTY
                .put(Path.parse("r-a.a.x"), Value.of(1), 1)
                .put(Path.parse("r-a.b.x"), Value.of(2), 1)
                .put(Path.parse("s.a"), Value.of(3), 1);
        assertThat(PathPattern.regex("(r)-(.*)\\.(a|b)").find(tree))
                .containsExactly(
                        new Match(
                                Path.parse("r-a.a"),
                                List.of(List.of("r", "a"), List.of("a")),
                                Value.object("x", Value.of(1))),
                        new Match(
                                Path.parse("r-a.b"),
                                List.of(List.of("r", "a"), List.of("b")),
                                Value.object("x", Value.of(2))));
        assertThat(PathPattern.parse("**.a").find(tree))
                .extracting(match -> match.path().toString())
                .containsExactly("r-a.a", "s.a");
        assertThat(PathPattern.parse("**.**.x").find(tree)).hasSize(2);
        assertThat(PathPattern.parse("s.*").find(tree)).extracting(Match::value).containsExactly(Value.of(3));
        assertThat(PathPattern.parse("s.nosuch").find(tree)).isEmpty();
    }

    // WHY: each name alone may be well within its budget and the tree as a whole far beyond any.
    @Test
    void aSearchOfATreeHasOneBudget() {
        var object = ObjectValue.builder();
        for (var i = 0; i < 40_000; i++) {
            object.put("a".repeat(40) + i, Value.of(i));
        }
        var tree = Tree.EMPTY.put(Path.of("r"), object.build(), 1);
        assertThatThrownBy(() -> PathPattern.regex("r\\.(a|a|a|a)*(a|a|a)*b").find(tree))
                .isInstanceOf(TegaException.LimitExceeded.class)
                .hasMessageContaining("too many steps");
        assertThat(PathPattern.regex("r\\.a*7$").find(tree)).hasSize(1);
    }
}
