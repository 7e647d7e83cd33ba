package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Identity;
import tega.api.Value;

/** The console as a person meets it: keys go in, a screen comes out. */
class TerminalTest {
    private static final String TAB = "\t";
    private static final String ENTER = "\r";
    private static final String UP = "\u001b[A";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";

    @TempDir
    Path folder;

    private Stage stage;
    private PaperTerminal paper;
    private Path history;
    private CompletableFuture<Boolean> console;

    @BeforeEach
    void sitDown() throws Exception {
        stage = new Stage(folder.resolve("data"));
        history = folder.resolve("history");
        begin(100, 24);
    }

    private void begin(int columns, int rows) throws Exception {
        paper = new PaperTerminal(columns, rows);
        console = new CompletableFuture<>();
        var terminal = paper.terminal;
        var thread = new Thread(() -> {
            try (var workspace = new Workspace(stage.local(), stage.json, Format.YAML)) {
                console.complete(TerminalConsole.run(terminal, workspace, Interpreter.Other.NOTHING, history, false));
            } catch (RuntimeException | Error e) {
                console.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        paper.await(0, "[tega: 0] ");
    }

    @AfterEach
    void standUp() throws Exception {
        paper.close();
        console.get(20, TimeUnit.SECONDS);
        stage.close();
    }

    private void type(String line) throws Exception {
        paper.press(line + ENTER);
    }

    @Test
    void tabCompletesCommandsAndPaths() throws Exception {
        stage.store.put(tega.api.Path.of("devices", "router1"), Value.of(7));
        paper.press("ge" + TAB);
        paper.await(0, "geta");
        paper.press(" de" + TAB);
        paper.await(0, "devices");
        paper.press(".r" + TAB);
        paper.await(0, "router1");
        paper.press(ENTER);
        paper.await(0, "\n7\n");
    }

    @Test
    void whatWasTypedIsRememberedOverSessions() throws Exception {
        type("put a.b 41");
        paper.await(0, "[tega: 1] ");
        type("q");
        assertThat(console.get(20, TimeUnit.SECONDS)).isTrue();
        paper.close();
        assertThat(Files.readString(history)).contains("put a.b 41");
        begin(100, 24);
        paper.press(UP + UP);
        paper.await(0, "put a.b 41");
        paper.press("2" + ENTER);
        paper.await(0, "[tega: 1] ");
        assertThat(stage.store.get(tega.api.Path.of("a", "b"))).contains(Value.of(412));
    }

    @Test
    void interruptGivesUpTheLineAndOnAnEmptyOneQuits() throws Exception {
        paper.press("put a.b 1");
        paper.await(0, "put a.b 1");
        paper.press(CTRL_C);
        paper.await(0, "[tega: 1] ");
        assertThat(stage.store.get(tega.api.Path.of("a"))).isEmpty();
        paper.press(CTRL_C);
        assertThat(console.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptEndsACommandThatRuns() throws Exception {
        type("watch a");
        paper.await(0, "watch a");
        var changes = new AtomicLong();
        paper.await(0, text -> {
            stage.store.put(tega.api.Path.of("a", "b"), Value.of(changes.incrementAndGet()));
            return text.contains("edit by");
        });
        paper.press(CTRL_C);
        paper.await(0, "[tega: 1] ");
        type("get a.b");
        paper.await(0, "[tega: 2] ");
    }

    @Test
    void aNoticeLeavesTheLineBeingTypedAsItIs() throws Exception {
        type("sub news");
        paper.await(0, "[tega: 1] ");
        paper.press("put a.b 4");
        paper.await(0, "put a.b 4");
        var mark = paper.mark();
        try (var other = stage.local(new Identity("anonymous", "other"))) {
            other.messages().publish(tega.api.Path.of("news"), Value.of("hear"));
        }
        var redrawn = PaperTerminal.plain(paper.await(mark, "[tega: 1] put a.b 4"));
        assertThat(redrawn).contains("MESSAGE news other: hear\n");
        assertThat(redrawn.indexOf("MESSAGE")).isLessThan(redrawn.indexOf("put a.b 4"));
        paper.press("2" + ENTER);
        paper.await(0, "[tega: 2] ");
        assertThat(stage.store.get(tega.api.Path.of("a", "b"))).contains(Value.of(42));
    }

    @Test
    void aLongAnswerComesInPages() throws Exception {
        var many = tega.api.ObjectValue.builder();
        for (var i = 100; i < 160; i++) {
            many.put("n" + i, Value.object("x", Value.of("a text that makes a line of its own")));
        }
        stage.store.put(tega.api.Path.of("long"), many.build());
        type("get long");
        var first = paper.await(0, "-- more");
        assertThat(PaperTerminal.plain(first)).contains("n122").doesNotContain("n123");
        var mark = paper.mark();
        paper.press("j");
        assertThat(PaperTerminal.plain(paper.await(mark, "-- more")))
                .contains("n123")
                .doesNotContain("n124");
        mark = paper.mark();
        paper.press(" ");
        assertThat(PaperTerminal.plain(paper.await(mark, "-- more")))
                .contains("n146")
                .doesNotContain("n147");
        mark = paper.mark();
        paper.press("q");
        assertThat(PaperTerminal.plain(paper.await(mark, "[tega: 1] "))).doesNotContain("n147");
        type("get long | count");
        paper.await(mark, "60");
    }

    @Test
    void topDrawsOverItselfUntilInterrupted() throws Exception {
        type("top rpc -n 2");
        var text = paper.await(0, "[tega: 1] ");
        assertThat(text).containsPattern("\u001b\\[\\d+A\u001b\\[J");
        assertThat(PaperTerminal.plain(text)).contains("per second");
    }

    @Test
    void clearAsksWhetherItIsMeant() throws Exception {
        stage.store.put(tega.api.Path.of("a", "b"), Value.of(1));
        type("clear");
        paper.await(0, "Type yes");
        type("n");
        paper.await(0, "nothing was removed");
        paper.await(0, "[tega: 1] ");
        assertThat(stage.store.get(tega.api.Path.of("a", "b"))).contains(Value.of(1));
        var mark = paper.mark();
        type("clear");
        paper.await(mark, "Type yes");
        type("yes");
        paper.await(mark, "[tega: 2] ");
        assertThat(stage.store.get(tega.api.Path.of("a", "b"))).isEmpty();
        stage.store.put(tega.api.Path.of("a", "b"), Value.of(2));
        type("clear -f");
        paper.await(mark, "[tega: 3] ");
        assertThat(stage.store.get(tega.api.Path.of("a", "b"))).isEmpty();
    }

    @Test
    void theEndOfTheInputQuits() throws Exception {
        paper.press(CTRL_D);
        assertThat(console.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
