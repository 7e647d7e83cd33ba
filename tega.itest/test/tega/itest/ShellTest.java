package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell in the framework and the one beside it, from the outside: the same commands through both doors. */
class ShellTest {
    @TempDir
    Path folder;

    private List<String> run(int code, String... words) {
        var command =
                new ArrayList<>(List.of(Installation.home().resolve("bin/tega").toString()));
        command.addAll(List.of(words));
        try (var rig = Rig.run(command)) {
            assertThat(rig.awaitExit())
                    .as(() -> rig.output() + " " + rig.errors())
                    .isEqualTo(code);
            var said = new ArrayList<>(rig.output());
            said.addAll(rig.errors());
            said.removeIf(line -> line.startsWith("tega: first start")); // of the script, once for an installation
            return said;
        }
    }

    @Test
    void bothDoorsAnswerTheSame() {
        var commands =
                "put a.b {x: 1, y: [1, 2]}; get a; get a -o json; getr a\\.b; roots; tree; log a -o json | count; "
                        + "channels; global; forwarders; commit; get nothing; del a.b.x; diff a 1; no.owner(1); h get; why";
        var local = run(1, "server", "-d", folder.resolve("local").toString(), "-p", "0", "-c", commands);
        try (var rig = Rig.boot(folder.resolve("remote"))) {
            var remote = run(1, "cli", "-a", rig.address().toString(), "-c", commands);
            assertThat(remote).isEqualTo(local);
            assertThat(remote).contains("  y: [1, 2]", "{a: 0}", "{}");
        }
    }

    @Test
    void gogoHasTheCommandsInItsScope() {
        var said = run(
                0,
                "server",
                "-d",
                folder.resolve("gogo").toString(),
                "-p",
                "0",
                "-c",
                "put a.b one; put a.c two\nx = (tega:get a.b); tega:get a | tega:grep two; felix:lb | grep tega.shell | count");
        assertThat(said).last().isEqualTo("1");
        assertThat(said.toString()).contains("two");
    }
}
