package tega.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    private Path folder;

    private final MutableClock clock = new MutableClock();

    private AuditLog open(long bytes, int kept, int perSecond) {
        return new AuditLog(folder.resolve("log"), new AuditLog.Bounds(bytes, kept, perSecond, true), clock);
    }

    @Test
    void isBoundedAndKeepsTheNewest() throws Exception {
        try (var log = open(1000, 2, 0)) {
            for (var i = 0; i < 500; i++) {
                log.write("event", "number", Integer.toString(i));
            }
            assertThat(log.newest(3))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"497\""),
                            line -> assertThat(line).contains("\"498\""),
                            line -> assertThat(line).contains("\"499\""));
            assertThat(log.newest(1000).size()).isBetween(20, 60);
        }
        var bytes = 0L;
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isLessThanOrEqualTo(3 * 1000);
    }

    /** Whoever floods it pushes nothing out but what they themselves cause, and that is counted. */
    @Test
    void aFloodIsCounted() {
        try (var log = open(1 << 20, 1, 20)) {
            for (var i = 0; i < 1000; i++) {
                log.write("refused", "path", "x");
            }
            assertThat(log.newest(1000)).hasSize(20);
            clock.pass(Duration.ofSeconds(1));
            log.write("refused", "path", "y");
            assertThat(log.newest(1)).singleElement().asString().contains("\"left_out_before\":980");
            assertThat(log.entries()).isEqualTo(1001);
        }
    }

    @Test
    void aLineIsALineWhateverIsInIt() {
        try (var log = open(1 << 20, 1, 0)) {
            log.write("refused", "path", "a\nb\"}\u2028", "long", "x".repeat(10_000));
            assertThat(log.newest(10))
                    .singleElement()
                    .asString()
                    .hasSizeLessThan(800)
                    .contains("a\\nb\\\"}");
        }
    }

    @Test
    void goesOnAfterHalfALine() throws Exception {
        Files.writeString(folder.resolve("log"), "{\"event\":\"one\"}\n{\"event\":\"tw");
        try (var log = open(1 << 20, 1, 0)) {
            log.write("three");
            assertThat(log.newest(10)).hasSize(2).last().asString().contains("three");
        }
        assertThat(Files.readAllLines(folder.resolve("log"))).hasSize(3);
    }

    @Test
    void troubleIsToldAndPasses() throws Exception {
        var file = folder.resolve("log");
        Files.createDirectory(file);
        try (var log = open(1 << 20, 1, 0)) {
            log.write("one");
            assertThat(log.trouble())
                    .hasValueSatisfying(line -> assertThat(line).contains(file.toString()));
            Files.delete(file);
            log.write("two");
            assertThat(log.trouble()).isEmpty();
            assertThat(log.newest(10)).singleElement().asString().contains("\"left_out_before\":1");
            Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);
        }
    }
}
