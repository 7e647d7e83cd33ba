package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.ErrorCode;
import tega.api.Expectation;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchRequest;

/** What makes no sense is answered in a sentence and changes nothing. */
class BadInputTest {
    private final Bench bench = new Bench();

    /** Something wrong, what it is answered with, and a word of the answer. */
    record Wrong(String name, ErrorCode code, String word, java.util.function.Consumer<TegaStore> what) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeEach
    void fill() {
        bench.put("r.a.b", "1");
        bench.put("gone.x", "1");
        bench.db.delete(path("gone"));
    }

    @AfterEach
    void end() {
        bench.close();
    }

    private static Wrong wrong(String name, ErrorCode code, String word, java.util.function.Consumer<TegaStore> what) {
        return new Wrong(name, code, word, what);
    }

    static Stream<Wrong> table() {
        return Stream.of(
                wrong(
                        "below a scalar",
                        ErrorCode.CONFLICT,
                        "'r.a.b' is a number",
                        db -> db.put(path("r.a.b.c"), json("1"))),
                wrong(
                        "a root that is no object",
                        ErrorCode.INVALID,
                        "must be an object",
                        db -> db.put(path("x"), json("1"))),
                wrong(
                        "a root that is made a scalar",
                        ErrorCode.INVALID,
                        "must be an object",
                        db -> db.put(path("r"), json("[]"))),
                wrong(
                        "the database itself",
                        ErrorCode.INVALID,
                        "database itself",
                        db -> db.put(Path.EMPTY, json("{}"))),
                wrong("deleting the database", ErrorCode.INVALID, "database itself", db -> db.delete(Path.EMPTY)),
                wrong(
                        "a root of the server's",
                        ErrorCode.INVALID,
                        "begins with '_'",
                        db -> db.put(path("_x.y"), json("1"))),
                wrong(
                        "merging scalars into the database",
                        ErrorCode.INVALID,
                        "must be an object",
                        db -> db.merge(Path.EMPTY, json("{\"q\":1}"))),
                wrong(
                        "merging a root of the server's",
                        ErrorCode.INVALID,
                        "begins with '_'",
                        db -> db.merge(Path.EMPTY, json("{\"_q\":{}}"))),
                wrong(
                        "deleting what is absent",
                        ErrorCode.NOT_FOUND,
                        "no 'nosuch.x'",
                        db -> db.delete(path("nosuch.x"))),
                wrong("deleting below a scalar", ErrorCode.NOT_FOUND, "no 'r.a.b.c'", db -> db.delete(path("r.a.b.c"))),
                wrong("too many names", ErrorCode.LIMIT, "64", db -> db.put(deep(65), json("1"))),
                wrong("too deep a value", ErrorCode.LIMIT, "64", db -> db.put(path("r.deep"), nested(10_000))),
                wrong("too deep an array", ErrorCode.LIMIT, "64", db -> db.put(path("r.deep"), nestedArray(10_000))),
                wrong("too deep a merge", ErrorCode.LIMIT, "depth", db -> db.merge(path("r.deep"), nested(10_000))),
                wrong(
                        "too long a name",
                        ErrorCode.LIMIT,
                        "1024",
                        db -> db.put(Path.of("r", "n".repeat(1025)), json("1"))),
                wrong(
                        "too long a name in a value",
                        ErrorCode.LIMIT,
                        "1024",
                        db -> db.put(path("r.x"), Value.object("é".repeat(513), json("1")))),
                wrong(
                        "too large a value",
                        ErrorCode.LIMIT,
                        "1048576",
                        db -> db.put(path("r.x"), Value.of("v".repeat(1 << 20)))),
                wrong("too large a commit", ErrorCode.LIMIT, "8388608", BadInputTest::tooMuch),
                wrong("a patch that explodes", ErrorCode.LIMIT, "", BadInputTest::explode),
                wrong("a patch that is none", ErrorCode.INVALID, "array", db -> patch(db, "{}")),
                wrong(
                        "an unknown op",
                        ErrorCode.INVALID,
                        "'frobnicate'",
                        db -> patch(db, "[{\"op\":\"frobnicate\",\"path\":\"/a\"}]")),
                wrong(
                        "a pointer that is none",
                        ErrorCode.INVALID,
                        "RFC 6901",
                        db -> patch(db, "[{\"op\":\"remove\",\"path\":\"a\"}]")),
                wrong(
                        "a pointer with a bad escape",
                        ErrorCode.INVALID,
                        "'~'",
                        db -> patch(db, "[{\"op\":\"remove\",\"path\":\"/a~2\"}]")),
                wrong(
                        "a patch without a value",
                        ErrorCode.INVALID,
                        "'value'",
                        db -> patch(db, "[{\"op\":\"add\",\"path\":\"/a\"}]")),
                wrong(
                        "moving a node into itself",
                        ErrorCode.INVALID,
                        "itself",
                        db -> patch(db, "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]")),
                wrong(
                        "removing what is absent",
                        ErrorCode.CONFLICT,
                        "operation 0",
                        db -> patch(db, "[{\"op\":\"remove\",\"path\":\"/nosuch\"}]")),
                wrong(
                        "an array index with a zero before it",
                        ErrorCode.CONFLICT,
                        "'/l/01'",
                        db -> patch(
                                db,
                                "[{\"op\":\"add\",\"path\":\"/l\",\"value\":[1,2]},{\"op\":\"replace\",\"path\":\"/l/01\",\"value\":1}]")),
                wrong(
                        "a test that fails",
                        ErrorCode.PRECONDITION,
                        "test",
                        db -> patch(db, "[{\"op\":\"test\",\"path\":\"/a\",\"value\":7}]")),
                wrong(
                        "expecting absence",
                        ErrorCode.PRECONDITION,
                        "exists",
                        db -> expect(db, "r.a", new Expectation.Absent())),
                wrong(
                        "expecting presence",
                        ErrorCode.PRECONDITION,
                        "does not exist",
                        db -> expect(db, "r.x", new Expectation.Present())),
                wrong(
                        "expecting another revision",
                        ErrorCode.PRECONDITION,
                        "revision 1",
                        db -> expect(db, "r.a", new Expectation.AtRevision(0))),
                wrong(
                        "expecting another version",
                        ErrorCode.PRECONDITION,
                        "version 0",
                        db -> expect(db, "r.a", new Expectation.AtVersion(1))),
                wrong(
                        "expecting a version of what is absent",
                        ErrorCode.PRECONDITION,
                        "does not exist",
                        db -> expect(db, "r.x", new Expectation.AtVersion(0))),
                wrong(
                        "expecting another value",
                        ErrorCode.PRECONDITION,
                        "value",
                        db -> expect(db, "r.a", new Expectation.Equal(json("1")))),
                wrong("a revision to come", ErrorCode.NOT_FOUND, "no revision 99", db -> db.history()
                        .at(99)),
                wrong("a negative revision", ErrorCode.NOT_FOUND, "no revision -1", db -> db.history()
                        .at(-1)),
                wrong("the commit of no revision", ErrorCode.NOT_FOUND, "no revision 0", db -> db.history()
                        .commit(0)),
                wrong("versions of no root", ErrorCode.NOT_FOUND, "never was", db -> db.history()
                        .versions("nosuch")),
                wrong("rollback of no root", ErrorCode.NOT_FOUND, "never was", db -> db.history()
                        .rollback("nosuch", -1)),
                wrong("rollback to a version to come", ErrorCode.NOT_FOUND, "no version 7", db -> db.history()
                        .rollback("r", 7)),
                wrong("rollback too far back", ErrorCode.NOT_FOUND, "no version -1", db -> db.history()
                        .rollback("r", -1)),
                wrong("the version of the database", ErrorCode.INVALID, "no version", db -> db.history()
                        .version(db.snapshot(), Path.EMPTY)),
                wrong("the version of an absent node", ErrorCode.NOT_FOUND, "'r.x'", db -> db.history()
                        .version(db.snapshot(), path("r.x"))),
                wrong("revert of what is to come", ErrorCode.NOT_FOUND, "no revision 99", db -> db.history()
                        .revert(99)),
                wrong("blame of what is absent", ErrorCode.NOT_FOUND, "'r.x'", db -> db.history()
                        .blame(path("r.x"))),
                wrong("a tag without a name", ErrorCode.INVALID, "name", db -> db.history()
                        .tag("", 1)),
                wrong("a tag with a long name", ErrorCode.LIMIT, "1024", db -> db.history()
                        .tag("t".repeat(1025), 1)),
                wrong("a tag of what is to come", ErrorCode.NOT_FOUND, "no revision 99", db -> db.history()
                        .tag("t", 99)),
                wrong("an unknown draft", ErrorCode.NOT_FOUND, "no draft", db -> db.drafts()
                        .get("nosuch")),
                wrong("a confirmed commit that is none", ErrorCode.NOT_FOUND, "revision 1", db -> db.confirmations()
                        .confirm(1)),
                wrong(
                        "watching from the future",
                        ErrorCode.INVALID,
                        "99",
                        db -> db.watch(WatchRequest.of(path("r")).from(99))));
    }

    @ParameterizedTest
    @MethodSource("table")
    void isAnsweredAndChangesNothing(Wrong wrong) {
        var before = bench.db.snapshot();
        assertThatThrownBy(() -> wrong.what().accept(bench.db)).isInstanceOfSatisfying(TegaException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(wrong.code());
            assertThat(e.getMessage()).contains(wrong.word()).hasSizeLessThan(400);
        });
        assertThat(bench.db.snapshot()).isSameAs(before);
        assertThat(bench.put("r.after", "1")).isEqualTo(before.revision() + 1);
    }

    private static Path deep(int names) {
        var path = Path.of("r");
        while (path.depth() < names) {
            path = path.child("n");
        }
        return path;
    }

    private static Value nested(int levels) {
        Value value = Value.of(1);
        for (var i = 0; i < levels; i++) {
            value = Value.object("n", value);
        }
        return value;
    }

    private static Value nestedArray(int levels) {
        Value value = Value.of(1);
        for (var i = 0; i < levels; i++) {
            value = Value.array(value);
        }
        return value;
    }

    private static void tooMuch(TegaStore db) {
        try (var tx = db.begin()) {
            for (var i = 0; i < 9; i++) {
                tx.put(path("r.big" + i), Value.of("v".repeat(1_000_000)));
            }
            tx.commit();
        }
    }

    /** Each operation doubles the node: two to the power of sixty at the end. */
    private static void explode(TegaStore db) {
        var operations = new ArrayList<Value>();
        for (var i = 0; i < 60; i++) {
            operations.add(json("{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/t\"}"));
            operations.add(json("{\"op\":\"add\",\"path\":\"/n\",\"value\":{}}"));
            operations.add(json("{\"op\":\"copy\",\"from\":\"/t\",\"path\":\"/n/x\"}"));
            operations.add(json("{\"op\":\"copy\",\"from\":\"/t\",\"path\":\"/n/y\"}"));
            operations.add(json("{\"op\":\"copy\",\"from\":\"/n\",\"path\":\"/a\"}"));
        }
        try (var tx = db.begin()) {
            tx.patch(path("r"), Value.array(operations)).commit();
        }
    }

    private static void patch(TegaStore db, String document) {
        try (var tx = db.begin()) {
            tx.patch(path("r"), json(document)).commit();
        }
    }

    private static void expect(TegaStore db, String path, Expectation expectation) {
        try (var tx = db.begin()) {
            tx.expect(path(path), expectation).put(path("r.y"), json("1")).commit();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_version",
                "_oid",
                "items",
                "__proto__",
                ".",
                "..",
                "",
                " ",
                "/",
                "a.b",
                "\"",
                "\\",
                "*",
                "**",
                "\0",
                "\ud83d\ude00",
                "\ud800",
                "constructor",
                "%",
                "null"
            })
    void anyNameIsAName(String name) {
        var path = Path.of("r", name, name);
        bench.db.put(path, json("1"));
        assertThat(bench.db.get(path)).contains(json("1"));
        assertThat(bench.db.get(Path.of("r", name))).contains(Value.object(name, json("1")));
        bench.crash();
        assertThat(bench.db.get(path)).contains(json("1"));
        bench.db.delete(path);
        assertThat(bench.db.get(Path.of("r", name))).isEmpty();
        if (!name.startsWith("_")) {
            bench.db.put(Path.of(name, "x"), json("1"));
            assertThat(bench.db.snapshot().roots()).containsKey(name);
        }
    }

    @Test
    void nullIsAValue() {
        bench.put("r.n", "null");
        assertThat(bench.get("r.n")).isEqualTo("null");
        bench.crash();
        assertThat(bench.db.get(path("r.n"))).contains(Value.NULL);
    }

    @Test
    void theVersionOfADeletedRootCanStillBeRead() {
        assertThat(bench.db.history().at("gone", 0).get(path("gone.x"))).contains(json("1"));
        assertThat(bench.db.history().at("gone", -1).get(path("gone.x"))).contains(json("1"));
        assertThat(bench.db.history().at("gone", 1).get(path("gone"))).isEmpty();
        bench.db.history().rollback("gone", 0);
        assertThat(bench.get("gone.x")).isEqualTo("1");
        assertThat(bench.db.snapshot().version("gone")).hasValue(2);
    }

    @Test
    void anExpiredDraftIsGone() {
        var draft = bench.db.drafts().begin();
        draft.put(path("r.d"), json("1"));
        bench.clock.pass(Duration.ofMinutes(9));
        draft.put(path("r.e"), json("1"));
        bench.clock.pass(Duration.ofMinutes(9));
        assertThat(bench.db.drafts().get(draft.id()).candidate()).hasSize(2);
        bench.clock.pass(Duration.ofMinutes(11));
        assertThatThrownBy(draft::commit).isInstanceOf(TegaException.NotFound.class);
        assertThatThrownBy(() -> bench.db.drafts().get(draft.id())).isInstanceOf(TegaException.NotFound.class);
        assertThat(bench.db.drafts().ids()).isEmpty();
        assertThat(bench.get("r.d")).isEqualTo("absent");
    }

    // WHY: an expression that backtracks for ever must cost its owner the watch, not the server its commits.
    @Test
    void aRegexBombStallsNothing() {
        var name = "a".repeat(40) + "!";
        bench.db.put(Path.of("r", name), json("1"));
        List<Runnable> bombs = List.of(
                () -> bench.db.watch(WatchRequest.of(PathPattern.regex(List.of("r", "(a+)+$")))),
                () -> PathPattern.regex(List.of("r", "(a|a)*b")).matches(Path.of("r", name)),
                () -> assertThat(PathPattern.regex(List.of("r", "(a+)+$"))
                                .find(bench.db.snapshot().tree()))
                        .extracting(tega.api.Match::path)
                        .as("not that name, said at once")
                        .doesNotContain(Path.of("r", name)),
                () -> assertThat(PathPattern.regex(List.of("r", "(a*)*(a|aa)*$"))
                                .find(bench.db.snapshot().tree()))
                        .extracting(tega.api.Match::path)
                        .doesNotContain(Path.of("r", name)),
                () -> {
                    PathPattern.regex(List.of("((a{90}){90}){90}"))
                            .find(bench.db.snapshot().tree());
                    throw new AssertionError("so large an expression was taken");
                });
        var begun = System.nanoTime();
        for (var bomb : bombs) {
            try {
                bomb.run();
                bench.db.put(Path.of("r", name), json("2"));
            } catch (TegaException e) {
                assertThat(e.code()).isIn(ErrorCode.LIMIT, ErrorCode.INVALID);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aTreeWithoutADatabaseHasADepthToo() {
        var deep = json("1");
        for (var i = 0; i < 10_000; i++) {
            deep = tega.api.Value.object("d", deep);
        }
        var value = deep;
        assertThatThrownBy(() -> tega.api.Tree.EMPTY.put(path("r"), value, 1))
                .isInstanceOf(TegaException.LimitExceeded.class)
                .hasMessageContaining("deeper than 256 levels");
    }

    @Test
    void anEndedTransactionSaysSo() {
        var tx = bench.db.begin().put(path("r.x"), json("1"));
        tx.commit();
        assertThatThrownBy(tx::commit).isInstanceOf(TegaException.NotFound.class);
        assertThatThrownBy(() -> tx.get(path("r.x"))).isInstanceOf(TegaException.NotFound.class);
        tx.close();
    }

    @Test
    void aClosedDatabaseSaysSo() {
        bench.db.close();
        assertThatThrownBy(() -> bench.db.get(path("r"))).isInstanceOf(TegaException.Unavailable.class);
        assertThatThrownBy(() -> bench.put("r.x", "1")).isInstanceOf(TegaException.Unavailable.class);
        assertThatThrownBy(() -> bench.db.watch(WatchRequest.of(path("r"))))
                .isInstanceOf(TegaException.Unavailable.class);
        bench.db.close();
    }
}
