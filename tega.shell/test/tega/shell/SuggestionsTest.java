package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tega.api.spi.Server;

/** What the tab key offers, from the tree of a server near and far. */
class SuggestionsTest {
    @TempDir
    Path folder;

    private Stage stage;

    @BeforeEach
    void plant() {
        stage = new Stage(folder);
        stage.store.put(
                tega.api.Path.of("devices"),
                stage.json.readYaml(
                        "{r1: {host: a, lan: {mtu: 1}}, r2: {host: b}, 10.0.0.1/24: {x: 1}, 'a b': {y: 1}}"));
        stage.store.put(tega.api.Path.of("dev", "z"), stage.json.readYaml("1"));
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private static List<String> offered(Workspace workspace, String typed) {
        return new Suggestions(Commands.standard(), workspace)
                .of(typed).stream().map(Suggestions.Suggestion::text).toList();
    }

    private Workspace workspace(Server server) {
        return new Workspace(server, stage.json, Format.YAML);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "ge|get,geta,getr",
                "get d|dev,devices",
                "get dev|dev,devices",
                "get devices.r|devices.r1,devices.r2",
                "log -|-n,-o",
                "load -|-m,-o",
                "tally --t|--twice",
                "log -n 5 dev|dev,devices",
                "tally --twice dev|dev,devices",
                "sub devices |local,global",
                "tal|tally",
                "load test/termi|test/terminals/",
                "get devices.r1.|devices.r1.host,devices.r1.lan",
                "get devices.\"1|devices.\"10.0.0.1/24\"",
                "get devices.\"10.0.0.1/24\".|devices.\"10.0.0.1/24\".x",
                "get devices.1|devices.\"10.0.0.1/24\"",
                "get devices.\"a b\".|devices.\"a b\".y",
                "get devices.r1.host.|^^",
                "get nosuch.|^^",
                "get devices..|^^",
                "rollback d|dev,devices",
                "get devices -o |json,yaml,table",
                "get devices -o j|json",
                "h ro|roots,rollback",
                "nosuch d|^^",
                "tega:get devices.r2|devices.r2",
            })
    void offers(String typed, String expected) {
        try (var near = stage.local();
                var far = stage.remote()) {
            assertThat(String.join(",", offered(workspace(near), typed))).isEqualTo(expected);
            assertThat(offered(workspace(far), typed)).isEqualTo(offered(workspace(near), typed));
        }
    }

    @Test
    void relativePathsAreCompletedFromWhereEditIs() {
        try (var near = stage.local()) {
            var workspace = workspace(near);
            workspace.place(tega.api.Path.of("devices"));
            assertThat(offered(workspace, "set r1.l")).containsExactly("r1.lan");
            assertThat(offered(workspace, "set .dev.")).containsExactly(".dev.z");
            assertThat(offered(workspace, "set .devi")).containsExactly(".devices");
        }
    }

    @Test
    void aServerThatIsGoneOffersNothing() throws Exception {
        try (var far = stage.remote()) {
            stage.stopServing();
            assertThat(offered(workspace(far), "get d")).isEmpty();
        }
    }

    @Test
    void gogoKnowsEveryCommand() {
        assertThat(GogoFunction.NAMES)
                .containsExactlyInAnyOrderElementsOf(
                        Commands.standard().all().stream().map(Command::name).toList());
    }
}
