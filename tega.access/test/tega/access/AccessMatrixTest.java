package tega.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tega.api.Identity;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.spi.Action;
import tega.api.spi.Credentials;
import tega.api.spi.Grant;

/** Who may do what where: every cell of a small world. */
class AccessMatrixTest {
    private static final Identity ROOT = new Identity("console:root", "shell");

    @TempDir
    private Path folder;

    private AccessControl access;

    @BeforeEach
    void world() {
        open(AccessOptions.DEFAULT);
        for (var line : List.of(
                "* may read public.**",
                "alice may read,write config.**",
                "alice may not read,write config.keys",
                "@operators may call device.*.reboot",
                "@operators may publish alarm",
                "@operators may read **",
                "bob may not read config.site1",
                "chief may read,write,call,publish,admin **",
                "plugin:narrow may read config")) {
            access.as(ROOT).grant(grant(line));
        }
        access.as(ROOT).join("@operators", "bob");
    }

    private void open(AccessOptions options) {
        access = AccessControl.open(folder, options, new MutableClock(), new SecureRandom());
    }

    @AfterEach
    void close() {
        access.close();
    }

    static Grant grant(String line) {
        var words = List.of(line.split(" "));
        var deny = words.get(2).equals("not");
        var actions = new TreeSet<Action>();
        for (var action : words.get(deny ? 3 : 2).split(",")) {
            actions.add(Action.valueOf(action.toUpperCase(Locale.ROOT)));
        }
        return new Grant(words.get(0), deny, actions, PathPattern.parse(words.get(words.size() - 1)));
    }

    /** For each action, in the order of the enum, + all, ~ some, - none. */
    @ParameterizedTest
    @CsvSource({
        "console:root     , ''              , +++++",
        "local            , ''              , +++++",
        "plugin:any       , ''              , +++++",
        "plugin:narrow    , ''              , ~----",
        "plugin:narrow    , config.x        , +----",
        "anonymous        , ''              , -----",
        "anonymous        , public          , -----",
        "stranger         , ''              , ~----",
        "stranger         , public.news     , +----",
        "stranger         , config          , -----",
        "alice            , ''              , ~~---",
        "alice            , config          , ~~---",
        "alice            , config.site1    , ++---",
        "alice            , config.keys     , -----",
        "alice            , config.keys.x   , -----",
        "alice            , public          , +----",
        "alice            , device.d1.reboot, -----",
        "bob              , ''              , ~-~~-",
        "bob              , config          , ~----",
        "bob              , config.site1.x  , -----",
        "bob              , config.site2    , +----",
        "bob              , device.d1       , +-~--",
        "bob              , device.d1.reboot, +-+--",
        "bob              , alarm           , +--+-",
        "chief            , ''              , +++++",
    })
    void cell(String author, String path, String expected) {
        var identity = new Identity(author, "whatever");
        var marks = new StringBuilder();
        for (var action : Action.values()) {
            var at = tega.api.Path.parse(path);
            var extent = access.authorizer().extent(identity, action, at);
            marks.append(
                    switch (extent) {
                        case ALL -> '+';
                        case SOME -> '~';
                        case NONE -> '-';
                    });
            assertThat(access.authorizer().permits(identity, action, at)).isEqualTo(extent == tega.api.Extent.ALL);
        }
        assertThat(marks.toString()).isEqualTo(expected);
    }

    @Test
    void survivesARestart() {
        var before = extents();
        close();
        open(AccessOptions.DEFAULT);
        assertThat(extents()).isEqualTo(before);
    }

    private Map<String, String> extents() {
        var extents = new TreeMap<String, String>();
        for (var author : List.of("stranger", "alice", "bob", "chief", "plugin:narrow", "local")) {
            for (var path : List.of("", "config", "config.keys", "public", "alarm", "device.d1.reboot")) {
                for (var action : Action.values()) {
                    var extent =
                            access.authorizer().extent(new Identity(author, "x"), action, tega.api.Path.parse(path));
                    extents.put(author + " " + action + " " + path, extent.name());
                }
            }
        }
        return extents;
    }

    /** What a client calls itself gives it nothing. */
    @Test
    void theWorkingNameCountsForNothing() {
        var disguised = new Identity("stranger", "chief");
        assertThat(access.authorizer().permits(disguised, Action.ADMIN, tega.api.Path.EMPTY))
                .isFalse();
        var token = access.as(ROOT).issue("stranger", null).text();
        assertThat(access.authenticator().authenticate(new Credentials.Bearer(token, "there"), "chief"))
                .isEqualTo(new Identity("stranger", "chief"));
    }

    @Test
    void refusalSaysWhoWhatAndWhereAndIsWrittenDown() {
        var stranger = new Identity("stranger", "x");
        assertThatThrownBy(() -> access.authorizer().require(stranger, Action.WRITE, tega.api.Path.parse("config.a")))
                .isInstanceOf(TegaException.Forbidden.class)
                .hasMessage(
                        "stranger has no write grant for 'config.a' and everything below it; somebody with an admin grant"
                                + " can give it");
        access.authorizer().require(ROOT, Action.ADMIN, tega.api.Path.EMPTY);
        assertThat(access.as(ROOT).refusals(10))
                .containsExactly(
                        "{\"action\":\"write\",\"by\":\"stranger\",\"event\":\"forbidden\",\"path\":\"config.a\","
                                + "\"tega_id\":\"x\",\"time\":\"2026-01-01T00:00:00Z\"}");
        assertThat(access.as(ROOT).acts(1)).singleElement().asString().contains("\"event\":\"permitted\"");
    }

    @Test
    void onlyAnAdministratorTendsGrants() {
        for (var author : List.of("stranger", "alice", "bob", "anonymous", "plugin:narrow")) {
            var somebody = access.as(new Identity(author, "x"));
            for (Runnable act : List.<Runnable>of(
                    somebody::tokens,
                    somebody::grants,
                    somebody::groups,
                    somebody::blocked,
                    () -> somebody.issue(author, null),
                    () -> somebody.revoke("x"),
                    () -> somebody.grant(grant(author + " may admin **")),
                    () -> somebody.withdraw(grant("* may read public.**")),
                    () -> somebody.join("@operators", author),
                    () -> somebody.leave("@operators", "bob"),
                    () -> somebody.block("1"),
                    () -> somebody.explain(author, Action.READ, tega.api.Path.EMPTY),
                    () -> somebody.acts(1),
                    () -> somebody.refusals(1))) {
                assertThatThrownBy(act::run).as(author).isInstanceOf(TegaException.Forbidden.class);
            }
            assertThat(somebody.standing())
                    .isEqualTo(access.as(new Identity(author, "x")).standing());
        }
        assertThat(access.as(new Identity("chief", "x")).grants()).hasSize(9);
    }

    @Test
    void grantsAreTakenBackAtOnce() {
        var alice = new Identity("alice", "x");
        var config = tega.api.Path.parse("config.a");
        assertThat(access.authorizer().permits(alice, Action.WRITE, config)).isTrue();
        access.as(ROOT).withdraw(grant("alice may read,write config.**"));
        assertThat(access.authorizer().permits(alice, Action.WRITE, config)).isFalse();
        access.as(ROOT).leave("@operators", "bob");
        assertThat(access.authorizer().permits(new Identity("bob", "x"), Action.READ, config))
                .isFalse();
        assertThatThrownBy(() -> access.as(ROOT).withdraw(grant("alice may read,write config.**")))
                .isInstanceOf(TegaException.NotFound.class);
    }

    /** This machine may do everything until somebody says what exactly it may. */
    @Test
    void localIsOpenUntilItHasGrants() {
        access.as(ROOT).grant(grant("local may read **"));
        var local = access.authenticator().authenticate(new Credentials.Loopback("127.0.0.1"), null);
        assertThat(local).isEqualTo(new Identity("local", "anonymous"));
        assertThat(access.authorizer().permits(local, Action.READ, tega.api.Path.EMPTY))
                .isTrue();
        assertThat(access.authorizer().permits(local, Action.WRITE, tega.api.Path.EMPTY))
                .isFalse();
        assertThat(access.authorizer().permits(ROOT, Action.ADMIN, tega.api.Path.EMPTY))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true,false,local,-", "false,false,-,-", "true,true,local,anonymous", "false,true,-,anonymous"})
    void whoeverShowsNothing(boolean loopback, boolean insecure, String here, String there) {
        close();
        open(new AccessOptions(loopback, insecure));
        assertThat(author(new Credentials.Loopback("127.0.0.1"))).isEqualTo(here);
        assertThat(author(new Credentials.Remote("192.0.2.1"))).isEqualTo(there);
        for (var name : List.of(here, there)) {
            assertThat(access.authorizer().permits(new Identity(name, "x"), Action.ADMIN, tega.api.Path.EMPTY))
                    .isEqualTo(!name.equals("-"));
        }
    }

    private String author(Credentials credentials) {
        try {
            return access.authenticator().authenticate(credentials, null).author();
        } catch (TegaException.Unauthenticated e) {
            return "-";
        }
    }

    @Test
    void pluginsGoByTheNameOfTheirBundle() {
        assertThat(access.authenticator().authenticate(new Credentials.Plugin("hello"), null))
                .isEqualTo(new Identity("plugin:hello", "hello"));
        assertThat(access.authenticator().authenticate(new Credentials.Console("root"), "shell"))
                .isEqualTo(ROOT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "alice  ; write ; config.site1 ; alice may write 'config.site1' and everything below it: alice may read,write config.**",
                "alice  ; write ; config       ; alice may write only a part of 'config' and everything below it: alice may not read,write config.keys",
                "alice  ; call  ; config       ; alice may not call any of 'config' and everything below it: there is no grant for it",
                "local  ; admin ; ''           ; local may admin the whole database: may do everything until it is given a grant of its own",
            })
    void explain(String name, String action, String path, String expected) {
        assertThat(access.as(ROOT)
                        .explain(name, Action.valueOf(action.toUpperCase(Locale.ROOT)), tega.api.Path.parse(path)))
                .isEqualTo(expected);
    }
}
