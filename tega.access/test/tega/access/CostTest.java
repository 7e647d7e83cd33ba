package tega.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Identity;
import tega.api.spi.Action;
import tega.api.spi.Credentials;

/** What a request pays; told by the nightly run, with a bound that only a mistake exceeds. */
@Tag("nightly")
class CostTest {
    private static final int TIMES = 2_000_000;

    @TempDir
    private Path folder;

    @Test
    @SuppressWarnings("SystemOut") // the figures are what it is for
    void permitsAndAuthenticate() {
        try (var access = AccessControl.open(folder, AccessOptions.DEFAULT, new MutableClock(), new SecureRandom())) {
            var root = new Identity("console:root", "test");
            for (var i = 0; i < 10; i++) {
                access.as(root).grant(AccessMatrixTest.grant("alice may read,write site" + i + ".config.**"));
            }
            access.as(root).grant(AccessMatrixTest.grant("* may not read **.secret"));
            access.as(root).grant(AccessMatrixTest.grant("* may not write *.keys"));
            var alice = new Identity("alice", "laptop");
            var path = tega.api.Path.parse("site7.config.lan.ports.eth0");
            var token =
                    new Credentials.Bearer(access.as(root).issue("alice", null).text(), "here");
            var wrong = 0;
            for (var round = 0; round < 3; round++) {
                var began = System.nanoTime();
                for (var i = 0; i < TIMES; i++) {
                    wrong += access.authorizer().permits(alice, Action.WRITE, path) ? 0 : 1;
                }
                tell("permits", began, TIMES);
                began = System.nanoTime();
                for (var i = 0; i < TIMES / 10; i++) {
                    wrong += access.authenticator().authenticate(token, null).equals(root) ? 1 : 0;
                }
                var nanos = tell("authenticate", began, TIMES / 10);
                assertThat(nanos).isLessThan(100_000);
            }
            assertThat(wrong).isZero();
        }
    }

    @SuppressWarnings("SystemOut")
    private static double tell(String what, long began, int times) {
        var nanos = (System.nanoTime() - began) / (double) times;
        System.out.printf(Locale.ROOT, "%s: %.0f ns%n", what, nanos);
        return nanos;
    }
}
