package tega.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Credentials;
import tega.api.spi.ShellCommand;

/** The commands about access, as they are typed. */
class AccessCommandsTest {
    private static final Identity ROOT = new Identity("console:root", "shell");

    /** None of them needs the database. */
    private static final Tega NOTHING = (Tega) Proxy.newProxyInstance(
            Tega.class.getClassLoader(), new Class<?>[] {Tega.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    @TempDir
    private Path folder;

    private AccessControl access;

    @BeforeEach
    void open() {
        access = AccessControl.open(folder, AccessOptions.DEFAULT, new MutableClock(), new SecureRandom());
    }

    @AfterEach
    void close() {
        access.close();
    }

    private Value run(Identity by, String line) {
        var words = List.of(line.split(" ", -1));
        var command = new AccessCommands(access)
                .all().stream()
                        .filter(each -> each.syntax().name().equals(words.get(0)))
                        .findFirst()
                        .orElseThrow();
        return command.run(new ShellCommand.Call(by, NOTHING, words.subList(1, words.size())));
    }

    private String root(String line) {
        return run(ROOT, line).toString();
    }

    @Test
    void aTokenFromMakingToRevoking() {
        var made = (ObjectValue) run(ROOT, "token create alice --days 3");
        var text = ((StringValue) made.get("token")).text();
        var id = ((StringValue) made.get("id")).text();
        assertThat(access.authenticator()
                        .authenticate(new Credentials.Bearer(text, "here"), null)
                        .author())
                .isEqualTo("alice");
        assertThat(root("token")).contains(id, "2026-01-04").doesNotContain(text);
        assertThat(root("token revoke " + id)).contains(id, "worthless");
        assertThatThrownBy(() -> access.authenticator().authenticate(new Credentials.Bearer(text, "here"), null))
                .isInstanceOf(TegaException.Unauthenticated.class);
        assertThat(root("audit --last 1")).contains(id);
    }

    @Test
    void anAdministratorIsMadeInOneLine() {
        root("token create --admin chief");
        assertThat(access.authorizer().permits(new Identity("chief", "x"), Action.ADMIN, tega.api.Path.EMPTY))
                .isTrue();
    }

    @Test
    void grantsGroupsAndWhy() {
        assertThat(root("grant @ops may read,write config")).isEqualTo("\"@ops may read,write config\"");
        assertThat(root("group join @ops bob")).isEqualTo("{\"@ops\":[\"bob\"]}");
        assertThat(root("explain bob write config.x")).contains("bob may write", "@ops may read,write config");
        assertThat(root("grant")).contains("\"name\":\"@ops\"", "\"deny\":false");
        assertThat(run(new Identity("bob", "laptop"), "whoami").toString())
                .isEqualTo("{\"everything\":false,\"grants\":[\"@ops may read,write config\"],\"name\":\"bob\","
                        + "\"tega_id\":\"laptop\"}");
        assertThat(root("group leave @ops bob")).doesNotContain("bob");
        assertThat(root("ungrant @ops may read,write config")).contains("no longer");
        assertThatThrownBy(() -> root("ungrant @ops may read,write config")).isInstanceOf(TegaException.NotFound.class);
        assertThat(root("explain bob write")).contains("there is no grant for it");
    }

    @Test
    void certificatesAreBlockedByTheirSerial() {
        assertThat(root("block")).isEqualTo("[]");
        assertThat(root("block 0aff")).contains("aff");
    }

    @Test
    void refusalsAreShown() {
        assertThatThrownBy(() ->
                        access.authorizer().require(new Identity("eve", "x"), Action.WRITE, tega.api.Path.of("a")))
                .isInstanceOf(TegaException.Forbidden.class);
        assertThat(root("audit refusals")).contains("eve", "forbidden");
        assertThat(root("audit refusals --last 5")).contains("eve");
    }

    /** Whoever else tries is refused by what the commands ask for, and by the register itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "token create eve",
                "token revoke x",
                "grant",
                "grant eve may all **",
                "ungrant eve may all **",
                "group",
                "group join @ops eve",
                "block",
                "block 1",
                "explain eve read",
                "audit",
                "audit refusals",
            })
    void onlyForAdministrators(String line) {
        var eve = new Identity("eve", "x");
        assertThatThrownBy(() -> run(eve, line)).isInstanceOf(TegaException.Forbidden.class);
        assertThat(access.hasTokens()).isFalse();
        assertThat(access.as(ROOT).grants()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whoami now",
                "token make alice",
                "token create",
                "token create a b",
                "token create a --days",
                "token create a --days soon",
                "grant alice",
                "group join @ops",
                "group add @ops bob",
                "explain bob",
                "explain bob look a",
                "audit everything",
                "audit --last none",
            })
    void whatIsWrongIsToldAndChangesNothing(String line) {
        assertThatThrownBy(() -> root(line)).isInstanceOf(TegaException.Invalid.class);
        assertThat(access.hasTokens()).isFalse();
        assertThat(access.as(ROOT).grants()).isEmpty();
    }
}
