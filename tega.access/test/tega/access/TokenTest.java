package tega.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.spi.Access.Administration;
import tega.api.spi.Action;
import tega.api.spi.Credentials;
import tega.api.spi.Grant;

/** The life of a token. */
class TokenTest {
    private static final Identity ROOT = new Identity("console:root", "shell");

    @TempDir
    private Path folder;

    private final MutableClock clock = new MutableClock();
    private AccessControl access;

    @BeforeEach
    void open() {
        access = AccessControl.open(folder, AccessOptions.DEFAULT, clock, new SecureRandom());
    }

    @AfterEach
    void close() {
        access.close();
    }

    private void restart() {
        close();
        open();
    }

    private Administration root() {
        return access.as(ROOT);
    }

    private String author(String token) {
        return access.authenticator()
                .authenticate(new Credentials.Bearer(token, "here"), null)
                .author();
    }

    private void assertRefused(String token, String reason) {
        assertThatThrownBy(() -> author(token))
                .isInstanceOf(TegaException.Unauthenticated.class)
                .hasMessageContaining(reason);
    }

    @Test
    void provesItsNameAlsoAfterARestart() {
        var issued = root().issue("alice", null);
        assertThat(author(issued.text())).isEqualTo("alice");
        restart();
        assertThat(author(issued.text())).isEqualTo("alice");
        assertThat(root().tokens()).containsExactly(issued.token());
        assertThat(access.hasTokens()).isTrue();
    }

    @Test
    void isWorthNothingOnceRevoked() {
        var first = root().issue("alice", null);
        var second = root().issue("alice", null);
        root().revoke(first.token().id());
        assertRefused(first.text(), "was revoked");
        assertThat(author(second.text())).as("another of the same name").isEqualTo("alice");
        restart();
        assertRefused(first.text(), "was revoked");
        assertThat(root().tokens()).hasSize(2);
    }

    @Test
    void isWorthNothingOnceExpired() {
        var issued = root().issue("alice", Duration.ofHours(1));
        clock.pass(Duration.ofMinutes(59));
        assertThat(author(issued.text())).isEqualTo("alice");
        clock.pass(Duration.ofMinutes(1));
        assertRefused(issued.text(), "has expired");
        assertThat(access.hasTokens()).isFalse();
    }

    /** Whoever guesses is told the same, whether they have the id right or not. */
    @Test
    void nothingButTheTextProvesIt() {
        var issued = root().issue("alice", null);
        var text = issued.text();
        var last = text.charAt(text.length() - 1) == 'A' ? 'B' : 'A';
        assertRefused(text.substring(0, text.length() - 1) + last, "not known");
        assertRefused(text + "A", "not known");
        assertRefused("tega_000000000000_" + text.substring(text.lastIndexOf('_') + 1), "not known");
        assertRefused("tega_" + issued.token().id() + "_", "not known");
        assertRefused("alice", "no token of tega's");
        assertRefused("", "no token of tega's");
    }

    @Test
    void everyTextIsAnother() {
        var one = root().issue("a", null).text();
        var other = root().issue("a", null).text();
        assertThat(one).isNotEqualTo(other).matches("tega_[0-9a-f]{12}_[A-Za-z0-9_-]{43}");
    }

    /** Neither the file nor the logs hold anything that would let somebody in. */
    @Test
    void onlyTheHashIsOnDisk() throws Exception {
        var issued = root().issue("alice", null);
        var secret = issued.text().substring(issued.text().length() - 43);
        assertThat(author(issued.text())).isEqualTo("alice");
        assertRefused(issued.text() + "x", "not known");
        root().revoke(issued.token().id());
        assertRefused(issued.text(), "was revoked");
        close();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secret);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
        assertThat(issued.toString()).doesNotContain(secret);
        assertThat(Files.readString(folder.resolve("register")))
                .contains(" hash=" + TokenText.read(issued.text()).orElseThrow().hash());
    }

    @Test
    void reservedNamesCannotBeHad() {
        for (var name :
                new String[] {"local", "anonymous", "tega", "console:root", "plugin:x", "@ops", "*", "", "a b", "-x"}) {
            assertThatThrownBy(() -> root().issue(name, null))
                    .as(name)
                    .isInstanceOfSatisfying(
                            TegaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID));
        }
    }

    @Test
    void damagedRegisterStopsTheServerAndNamesTheLine() throws Exception {
        root().issue("alice", null);
        root().grant(new Grant("alice", false, Set.of(Action.READ), PathPattern.parse("a")));
        close();
        var file = folder.resolve("register");
        Files.writeString(file, Files.readString(file).replace("actions=read", "actions=reed"));
        assertThatThrownBy(this::open)
                .isInstanceOf(TegaException.Damaged.class)
                .hasMessageContaining(file + ", line 3");
        Files.writeString(file, "");
        assertThatThrownBy(this::open).isInstanceOf(TegaException.Damaged.class).hasMessageContaining("line 1");
    }

    @Test
    void whatCannotBeKeptDoesNotCount() throws Exception {
        var issued = root().issue("alice", null);
        Files.createDirectories(folder.resolve("register.new/in the way"));
        assertThatThrownBy(() -> root().issue("bob", null)).isInstanceOf(TegaException.Unavailable.class);
        assertThat(root().tokens()).containsExactly(issued.token());
    }

    @Test
    void actsAreWrittenDown() {
        var issued = root().issue("alice", null);
        root().revoke(issued.token().id());
        assertThat(root().acts(10))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("\"by\":\"console:root\""))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"event\":\"issue\"", "\"name\":\"alice\""),
                        line -> assertThat(line)
                                .contains("\"event\":\"revoke\"", issued.token().id()));
        assertThatThrownBy(() -> access.as(new Identity("alice", "x")).tokens())
                .isInstanceOf(TegaException.Forbidden.class);
        assertThat(root().refusals(10)).singleElement().asString().contains("\"by\":\"alice\"");
    }
}
