package tega.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Path;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/** What docs/embedding.md shows is this code, and it does what the page says. */
class EmbeddingPageTest {
    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("../docs/embedding.md");
    private static final java.nio.file.Path SOURCE = java.nio.file.Path.of("test/tega/store/EmbeddingPageTest.java");

    @Test
    void doesWhatItSays(@TempDir java.nio.file.Path dir) throws InterruptedException {
        // begin
        try (var db = TegaStore.open(dir)) {
            var watch = db.watch(WatchRequest.of(Path.of("config")));
            db.put(Path.parse("config.lan.mtu"), Value.of(1500));

            try (var tx = db.begin()) {
                var mtu = tx.get(Path.parse("config.lan.mtu")).orElseThrow();
                tx.put(Path.parse("config.wan.mtu"), mtu)
                        .message("as on the LAN")
                        .commit();
            }

            for (var commit : db.history().log(Path.of("config"), Long.MAX_VALUE, 10)) {
                System.out.println(commit.revision() + " " + commit.by().author() + " " + commit.message());
            }
            db.history().rollback("config", -1);
            System.out.println(db.get(Path.of("config")).orElseThrow());

            var event = watch.take(Duration.ofSeconds(1)).orElseThrow();
            if (event instanceof WatchEvent.Changed changed) {
                System.out.println("first: " + changed.change().edits());
            }
            watch.close();
        }
        // end
        try (var db = TegaStore.open(dir)) {
            assertThat(db.get(Path.of("config")).orElseThrow().toString()).isEqualTo("{\"lan\":{\"mtu\":1500}}");
            assertThat(db.snapshot().revision()).isEqualTo(3);
        }
    }

    @Test
    void isThePage() throws IOException {
        var source = Files.readString(SOURCE);
        var shown = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("        // end\n"));
        assertThat(Files.readString(PAGE))
                .contains("```java\n" + shown.stripTrailing().stripIndent() + "\n```");
    }
}
