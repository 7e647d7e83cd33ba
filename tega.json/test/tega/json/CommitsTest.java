package tega.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;

/** The form of a line is a promise to files that are years old. */
class CommitsTest {
    private static final Instant TIME = Instant.ofEpochMilli(1767225600123L);

    private final Commits commits = new Commits();

    private static Commit commit(Identity by, List<Edit> edits) {
        return new Commit(
                123456, TIME, by, "s1", CommitKind.EDIT, null, 0, edits, List.of(), null, Map.of("graph", 3L));
    }

    private String line(Commit commit) {
        return new String(commits.encode(commit), StandardCharsets.UTF_8);
    }

    @Test
    void aCommitOfOneLeafIsShort() {
        var edit = Edit.put(Path.of("graph", "subnets", "10.0.0.1", "x"), Value.of(17));
        assertThat(line(commit(new Identity("alice", "cli"), List.of(edit))))
                .isEqualTo("{\"rev\":123456,\"time\":1767225600123,\"by\":\"alice\",\"id\":\"cli\",\"at\":\"s1\","
                        + "\"edits\":[[[\"graph\",\"subnets\",\"10.0.0.1\",\"x\"],17]]}")
                .hasSizeLessThanOrEqualTo(120);
    }

    @Test
    void aCommitWithEverythingHasEveryMember() {
        var confirm = new Confirm(Duration.ofSeconds(90), true, List.of(Edit.delete(Path.of("a", "b"))));
        var commit = new Commit(
                7,
                TIME,
                new Identity("alice", "cli"),
                "s1",
                CommitKind.CONFIRM_EXPIRED,
                "why",
                5,
                List.of(Edit.put(Path.of("a", "b"), Value.NULL), Edit.delete(Path.of("a", "c"))),
                List.of("n1", "n2"),
                confirm,
                Map.of());
        assertThat(line(commit))
                .isEqualTo("{\"rev\":7,\"time\":1767225600123,\"by\":\"alice\",\"id\":\"cli\",\"at\":\"s1\","
                        + "\"kind\":\"confirm-expired\",\"message\":\"why\",\"ref\":5,"
                        + "\"edits\":[[[\"a\",\"b\"],null],[[\"a\",\"c\"]]],\"notes\":[\"n1\",\"n2\"],"
                        + "\"confirm\":{\"window\":90000,\"auto\":true,\"undo\":[[[\"a\",\"b\"]]]}}");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        var line = "{\"time\":0,\"rev\":1}".getBytes(StandardCharsets.UTF_8);
        assertThat(commits.decode(line, 0, line.length))
                .isEqualTo(new Commit(
                        1,
                        Instant.EPOCH,
                        Identity.ANONYMOUS,
                        "",
                        CommitKind.EDIT,
                        null,
                        0,
                        List.of(),
                        List.of(),
                        null,
                        Map.of()));
    }

    @Test
    void whatALaterReleaseAddsIsSkipped() {
        var line = "{\"new\":{\"rev\":[9,{}]},\"rev\":1,\"time\":0,\"confirm\":{\"window\":1,\"x\":[]}}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(commits.decode(line, 0, line.length).revision()).isEqualTo(1);
    }

    @Test
    void ephemeralEditsAreLeftOut() {
        var path = Path.of("a", "b");
        var lease = commit(
                Identity.ANONYMOUS,
                List.of(
                        new Edit.Put(path, Value.of(1), "cli"),
                        Edit.put(path, Value.of(2)),
                        new Edit.Delete(path, true)));
        assertThat(line(lease)).endsWith(",\"edits\":[[[\"a\",\"b\"],2]]}");
        assertThat(commits.toValue(lease).toString())
                .contains("\"edits\":[{\"op\":\"put\",\"path\":[\"a\",\"b\"],\"value\":2}]");
        var none = commit(Identity.ANONYMOUS, List.of(new Edit.Put(path, Value.of(1), "cli")));
        assertThat(line(none)).doesNotContain("edits");
    }

    @Test
    void forPeopleItHasFullNames() {
        var edits = List.of(Edit.put(Path.of("graph", "x"), Value.of(1)), Edit.delete(Path.of("graph", "y")));
        assertThat(commits.toValue(commit(new Identity("alice", "cli"), edits)))
                .hasToString("{\"author\":\"alice\",\"edits\":[{\"op\":\"put\",\"path\":[\"graph\",\"x\"],\"value\":1},"
                        + "{\"op\":\"delete\",\"path\":[\"graph\",\"y\"]}],\"kind\":\"edit\",\"origin\":\"s1\","
                        + "\"revision\":123456,\"tega_id\":\"cli\",\"time\":\"2026-01-01T00:00:00.123Z\","
                        + "\"versions\":{\"graph\":3}}");
    }

    @Test
    void aTimeThatMillisecondsCannotTellIsRefused() {
        var commit = new Commit(
                1, Instant.MAX, Identity.ANONYMOUS, "", CommitKind.EDIT, null, 0, List.of(), List.of(), null, Map.of());
        assertThatThrownBy(() -> commits.encode(commit)).isInstanceOf(TegaException.Invalid.class);
    }

    @Test
    void bothCodecsAreFoundWithoutOsgi() {
        assertThat(ServiceLoader.load(JsonCodec.class)).hasAtLeastOneElementOfType(Json.class);
        assertThat(ServiceLoader.load(CommitCodec.class)).hasAtLeastOneElementOfType(Commits.class);
    }
}
