package tega.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import tega.api.Value;

/** What people get to see. */
class YamlWriterTest {
    private final Json json = new Json();

    private void assertYaml(String text, String... lines) {
        var value = json.readJson(text);
        var yaml = json.toYaml(value);
        assertThat(yaml).isEqualTo(String.join("\n", lines) + "\n");
        assertThat(json.readYaml(yaml)).isEqualTo(value);
    }

    @Test
    void innermostCollectionsAreInFlowStyle() {
        assertYaml("{\"x\":2,\"b\":{\"c\":1}}", "b: {c: 1}", "x: 2");
        assertYaml("{\"c\":1}", "{c: 1}");
        assertYaml("[1,[2,3]]", "- 1", "- [2, 3]");
        assertYaml("{\"a\":{},\"b\":[]}", "a: {}", "b: []");
    }

    @Test
    void blocksAreIndentedByTwoAndDashesStandUnderTheName() {
        assertYaml(
                "{\"a\":{\"b\":{\"c\":{\"d\":1}}},\"l\":[{\"m\":[1]},[[2],{\"n\":{\"o\":3}}]]}",
                "a:",
                "  b:",
                "    c: {d: 1}",
                "l:",
                "- m: [1]",
                "- - [2]",
                "  - n: {o: 3}");
    }

    @Test
    void scalarsStandAlone() {
        assertYaml("2", "2");
        assertYaml("\"hello\"", "hello");
        assertYaml("null", "null");
        assertYaml("\"\"", "\"\"");
        assertYaml("1.50", "1.50");
    }

    @Test
    void stringsThatReadOtherwiseAreQuoted() {
        assertYaml(
                "[\"1\",\"yes\",\"y\",\"~\",\"2026-01-01\",\" a\",\"a: b\",\"a\\u0007\\ud800\",\"10.0.0.1\",\"http://x:80/\"]",
                "[\"1\", \"yes\", y, \"~\", \"2026-01-01\", \" a\", \"a: b\", \"a\\u0007\\ud800\", 10.0.0.1, http://x:80/]");
    }

    @Test
    void textsOfSeveralLinesAreShownAsTheyAre() {
        assertYaml(
                "{\"a\":\"one\\n  two\\n\",\"b\":\"one\\ntwo\",\"c\":[\"one\\n\\n\\n\"],\"d\":\" one\\n\"}",
                "a: |",
                "  one",
                "    two",
                "b: |-",
                "  one",
                "  two",
                "c:",
                "- |+",
                "  one",
                "",
                "",
                "d: \" one\\n\"");
    }

    @Test
    void longCollectionsAreFolded() {
        assertYaml(
                "{\"a\":{\"b\":" + Value.array(Collections.nCopies(30, Value.of(1234567))) + "}}",
                "a:",
                "  b: [1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567,",
                "    1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567,",
                "    1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567, 1234567]");
    }

    @Test
    void longNamesHaveAQuestionMark() {
        var name = "n".repeat(1500);
        assertYaml("{\"" + name + "\":1}", "? " + name, ": 1");
        assertYaml("{\"" + name + "\":{\"a\":[1],\"b\":2}}", "? " + name, ": a: [1]", "  b: 2");
    }
}
