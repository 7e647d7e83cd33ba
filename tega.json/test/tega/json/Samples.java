package tega.json;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.StringArbitrary;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Source;
import tega.api.Value;

/** Arbitrary texts, values and commits, with those often among them that are easily got wrong. */
final class Samples {
    /** What other readers of YAML or JSON might not take for the string it is. */
    static final String[] TRICKY = {
        "",
        " ",
        "a b",
        " a",
        "a ",
        "a  b",
        "~",
        "null",
        "Null",
        "NULL",
        "true",
        "True",
        "TRUE",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "N",
        "0",
        "-0",
        "1",
        "-1",
        "+1",
        "01",
        "1.0",
        "1.",
        ".5",
        "1e3",
        "1e400",
        "1_000",
        "0o7",
        "0x10",
        "0b1",
        "1:30",
        ".nan",
        ".inf",
        "-.inf",
        "NaN",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "=",
        "<<",
        "? ",
        "?",
        "- ",
        "-",
        "--",
        "---",
        "--- a",
        "...",
        ":",
        "a:",
        "a: b",
        ":a",
        "a:b",
        "#",
        "#a",
        "a #b",
        "a#b",
        "&a",
        "*a",
        "!a",
        "!!str a",
        "|",
        ">",
        "'",
        "\"",
        "'a'",
        "\"a\"",
        "%",
        "%YAML 1.2",
        "@a",
        "`a",
        "{",
        "}",
        "{a}",
        "[",
        "]",
        "[a]",
        ",",
        "a,b",
        "\\",
        "\\n",
        "a\\b",
        "\t",
        "a\tb",
        "\n",
        "\n\n",
        "a\n",
        "a\n\n",
        "a\nb",
        "a\nb\n",
        "\na",
        " a\nb",
        "a\n b",
        "a\n\nb",
        "a \nb",
        "a\n ",
        "a\n\n \n",
        "a\r\nb",
        "a\rb",
        "\ta\nb",
        "a\n\tb",
        "a\n#b",
        "a\n---\nb",
        "a\n: b",
        "\u0000",
        "\u0007",
        "\u001b",
        "\u007f",
        "\u0080",
        "\u0085",
        "\u00a0",
        "é",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\ufeffa",
        "\ufffd",
        "\ufffe",
        "\uffff",
        "\ud800",
        "\udc00",
        "a\ud800",
        "\udc00a",
        "\ud83d\ude00",
        "\ude00\ud83d",
        "\ud800\ud83d\ude00",
        "a\n\ud83d\ude00",
        "a\n\ud800",
        "172.21.1.0/24",
        "10.0.0.1",
        "00:1a:2b:3c:4d:5e",
        "10:11:12:13:14:15",
        "fe80::",
        "2001:db8::1",
        "http://x:80/a?b=c#d",
        "汉字",
        "a\u0301"
    };

    private Samples() {}

    static Arbitrary<String> texts() {
        var any = Arbitraries.strings().all().ofMaxLength(12);
        StringArbitrary yaml = Arbitraries.strings()
                .withChars("ab01 :-#?,[]{}&*!|>'\"%@`~.=+_<\n\t\\\r\u0085\u2028")
                .ofMaxLength(10);
        var usual = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(TRICKY)), Tuple.of(3, yaml), Tuple.of(2, any), Tuple.of(2, usual));
    }

    static Arbitrary<Value> numbers() {
        var literals = Arbitraries.of(
                "-0",
                "0.0",
                "1.0",
                "-1.50",
                "1e5",
                "1E+5",
                "1e-5",
                "1e400",
                "-1E400",
                "0e0",
                "999999999999999999",
                "1000000000000000000",
                "9223372036854775807",
                "-9223372036854775808",
                "-9223372036854775809",
                "9223372036854775808",
                "123456789012345678901234567890",
                "0.1234567890123456789012345678901234567890",
                "1e99999999999");
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Value::of),
                Arbitraries.integers().between(-2, 12).map(Value::of),
                Arbitraries.bigIntegers().map(Value::of),
                Arbitraries.doubles().map(Value::of),
                literals.map(NumberValue::parse));
    }

    static Arbitrary<Value> scalars() {
        return Arbitraries.oneOf(
                texts().map(Value::of), numbers(), Arbitraries.of(Value.NULL, Value.of(true), Value.of(false)));
    }

    static Arbitrary<Value> values() {
        return values(4);
    }

    private static Arbitrary<Value> values(int depth) {
        if (depth == 0) {
            return scalars();
        }
        var below = values(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(2, scalars()),
                Tuple.of(1, below.list().ofMaxSize(4).map(Value::array)),
                Tuple.of(3, objects(below)));
    }

    private static Arbitrary<Value> objects(Arbitrary<Value> values) {
        return Arbitraries.maps(texts(), values).ofMaxSize(5).map(Samples::object);
    }

    private static ObjectValue object(Map<String, Value> members) {
        return Value.object(members);
    }

    static Arbitrary<Edit> edits() {
        var paths = texts().list().ofMaxSize(5).map(Path::of);
        var puts = Combinators.combine(paths, values(2)).as(Edit::put);
        return Arbitraries.oneOf(puts, paths.map(Edit::delete));
    }

    static Arbitrary<Commit> commits() {
        var revisions = Arbitraries.longs().between(1, Long.MAX_VALUE);
        var times = Arbitraries.longs().map(Instant::ofEpochMilli);
        var identities = Combinators.combine(texts(), texts()).as(Identity::new);
        var edits = edits().list().ofMaxSize(4);
        var confirms = Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 1000), Arbitraries.of(true, false), edits)
                .as((window, automatic, undo) -> new Confirm(Duration.ofMillis(window), automatic, undo));
        var what = Combinators.combine(
                        texts().injectNull(0.5), Arbitraries.longs().between(0, 99), edits, sources())
                .as((message, refersTo, list, sources) -> new What(message, refersTo, list, sources));
        return Combinators.combine(
                        revisions,
                        times,
                        Arbitraries.oneOf(identities, Arbitraries.just(Identity.ANONYMOUS)),
                        texts(),
                        Arbitraries.of(CommitKind.class),
                        what,
                        texts().list().ofMaxSize(2),
                        confirms.injectNull(0.7))
                .as((revision, time, by, origin, kind, content, notes, confirm) -> new Commit(
                        revision,
                        time,
                        by,
                        origin,
                        kind,
                        content.message,
                        content.refersTo,
                        content.edits,
                        notes,
                        confirm,
                        Map.of(),
                        content.sources));
    }

    private static Arbitrary<List<Source>> sources() {
        return Combinators.combine(texts(), Arbitraries.longs().between(0, Long.MAX_VALUE), texts())
                .as(Source::new)
                .list()
                .ofMaxSize(2);
    }

    private record What(String message, long refersTo, List<Edit> edits, List<Source> sources) {}
}
