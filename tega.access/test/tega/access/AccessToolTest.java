package tega.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.spi.Action;
import tega.api.spi.Credentials;

/** {@code tega token} and {@code tega grant}, on a folder that no server uses. */
class AccessToolTest {
    @TempDir
    private Path data;

    private final MutableClock clock = new MutableClock();
    private String said = "";
    private String complained = "";

    private int run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("-d", data.toString()));
        var status = new AccessTool(print(out), clock).run(all, print(err));
        said = out.toString(StandardCharsets.UTF_8).strip();
        complained = err.toString(StandardCharsets.UTF_8).strip();
        return status;
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private AccessControl open() {
        return AccessControl.open(data.resolve("access"), AccessOptions.DEFAULT, clock, new SecureRandom());
    }

    @Test
    void whatItGivesCountsForTheServerThatStartsLater() {
        assertThat(run("token", "create", "boss", "--admin")).isZero();
        var boss = said;
        assertThat(run("token", "create", "guest", "--days", "1")).isZero();
        var guest = said;
        assertThat(run("grant", "guest", "may", "read", "public")).isZero();
        assertThat(said).isEqualTo("guest may read public");
        try (var access = open()) {
            var known = access.authenticator().authenticate(new Credentials.Bearer(boss, "here"), null);
            assertThat(known.author()).isEqualTo("boss");
            assertThat(access.authorizer().permits(known, Action.ADMIN, tega.api.Path.EMPTY))
                    .isTrue();
            var other = access.authenticator().authenticate(new Credentials.Bearer(guest, "here"), null);
            assertThat(access.authorizer().permits(other, Action.READ, tega.api.Path.of("public", "x")))
                    .isTrue();
            assertThat(access.authorizer().permits(other, Action.WRITE, tega.api.Path.of("public")))
                    .isFalse();
        }
    }

    @Test
    void listsTellNoSecretAndARevokedTokenIsToldSo() {
        run("token", "create", "boss");
        var secret = said;
        var id = secret.split("_", -1)[1];
        assertThat(run("token", "list")).isZero();
        assertThat(said).contains("\"name\":\"boss\"", id).doesNotContain(secret);
        assertThat(run("token", "revoke", id)).isZero();
        assertThat(said).contains("\"revoked\":");
        assertThat(run("token", "revoke", "nosuch")).isEqualTo(1);
        assertThat(complained).contains("nosuch").hasLineCount(1);
        assertThat(run("grant", "list")).isZero();
        assertThat(said).isEmpty();
    }

    /** The folder of a server that runs is not touched: what is in its memory would count, not what is written. */
    @Test
    void aServerThatRunsIsNotInterferedWith() throws IOException {
        var lock = Files.createDirectories(data.resolve("cache")).resolve("lock");
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(run("token", "create", "boss")).isEqualTo(1);
            assertThat(complained).contains("a server runs on " + data).hasLineCount(1);
        }
        assertThat(data.resolve("access")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token create",
                "token create a b",
                "token forget a",
                "token list now",
                "token create a --forever",
                "token create a --days",
                "keys list",
            })
    void whatIsWrongIsToldInOneLine(String words) {
        // -d comes last, and would be the value of an option that lacks its own
        var list = words.endsWith("--days") ? new String[] {"token", "create", "a", "--days"} : words.split(" ", -1);
        var err = new ByteArrayOutputStream();
        var all = words.endsWith("--days") ? List.of(list) : concat(list);
        assertThat(new AccessTool(print(new ByteArrayOutputStream()), clock).run(all, print(err)))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("tega: ").hasLineCount(1);
    }

    private List<String> concat(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("-d", data.toString()));
        return all;
    }

    @Test
    void whatMakesNoSenseChangesNothing() {
        assertThat(run("grant", "alice", "may", "look", "config")).isEqualTo(1);
        assertThat(complained).contains("'look' is no action");
        assertThat(run("token", "create", "a", "--days", "0")).isEqualTo(1);
        assertThat(run("token", "create", "console:root")).isEqualTo(1);
        try (var access = open()) {
            assertThat(access.hasTokens()).isFalse();
        }
    }

    @Test
    void helpIsForWhoAsks() {
        assertThat(run("token", "-h")).isZero();
        assertThat(said).startsWith("usage: tega token create");
    }
}
