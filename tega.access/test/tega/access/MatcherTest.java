package tega.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tega.api.Extent;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;

class MatcherTest {
    @ParameterizedTest
    @CsvSource({
        "''             , ''           , ALL",
        "**             , ''           , ALL",
        "**             , a.b          , ALL",
        "config.**      , ''           , SOME",
        "config.**      , config       , ALL",
        "config.**      , config.x.y   , ALL",
        "config.**      , configuration, NONE",
        "config         , config.x     , ALL",
        "config.*       , config       , SOME",
        "config.*       , config.x     , ALL",
        "*.up           , a            , SOME",
        "*.up           , a.up.x       , ALL",
        "*.up           , a.down       , NONE",
        "**.secret      , a.b          , SOME",
        "**.secret      , a.secret     , ALL",
        "**.secret      , a.secret.x   , ALL",
        "a.**.b.**.c    , a.b          , SOME",
        "a.**.b.**.c    , a.x.b.y.z.c  , ALL",
        "a.**.**.c      , a.c          , ALL",
        "'a.\"x.y\".*'  , 'a.\"x.y\"'  , SOME",
        "'a.\"x.y\".*'  , a.x.y        , NONE",
    })
    void extent(String pattern, String path, Extent expected) {
        assertThat(Matcher.of(PathPattern.parse(pattern)).extent(Path.parse(path)))
                .isEqualTo(expected);
    }

    /** What would take exponential time by trying one way after the other. */
    @Test
    void manyWildcardsCostNothing() {
        var pattern = PathPattern.parse("**.a.".repeat(28) + "b");
        var path = Path.of(Collections.nCopies(64, "a"));
        assertThat(Matcher.of(pattern).extent(path)).isEqualTo(Extent.SOME);
    }

    @Test
    void expressionsAndEndlessPatternsAreRefused() {
        assertThatThrownBy(() -> Matcher.of(PathPattern.regex(List.of("a.*"))))
                .isInstanceOf(TegaException.Invalid.class);
        assertThatThrownBy(() -> Matcher.of(PathPattern.parse("a" + ".b".repeat(62))))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("62");
    }
}
