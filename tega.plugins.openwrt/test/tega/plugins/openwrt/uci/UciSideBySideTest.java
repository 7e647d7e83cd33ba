package tega.plugins.openwrt.uci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a person sees before saying yes. */
class UciSideBySideTest {
    private static UciPackage read(String text) throws UciError {
        return UciReader.ofFiles(true)
                .read("network", text.getBytes(StandardCharsets.UTF_8))
                .get(0);
    }

    private static String between(String there, String wanted) throws UciError {
        return UciSideBySide.of(read(there), UciPlan.of(read(there), read(wanted), null, UciOwnership.PACKAGE));
    }

    @Test
    void onlyWhatDiffersIsShown() throws Exception {
        var there =
                "config interface lan\n\toption proto static\n\toption ipaddr 10.0.0.1\nconfig interface x\nconfig globals g\n";
        var wanted =
                "config interface lan\n\toption proto static\n\toption ipaddr 10.0.0.2\n\tlist dns 1.1.1.1\nconfig globals g\nconfig interface y\n";
        assertThat(between(there, wanted)).isEqualTo("""
                config interface 'lan'       config interface 'lan'
                  option proto 'static'        option proto 'static'
                  option ipaddr '10.0.0.1' |   option ipaddr '10.0.0.2'
                                           >   list dns '1.1.1.1'

                config interface 'x'       <

                                           > config interface 'y'
                """);
    }

    @Test
    void nothingToDoIsNothingToSee() throws Exception {
        assertThat(between("config a b\n", "config a b\n")).isEmpty();
    }

    @Test
    void anotherOrderIsTold() throws Exception {
        assertThat(between("config a x\nconfig a y\n", "config a y\nconfig a x\n"))
                .isEqualTo("# order: x y | # order: y x\n");
    }
}
