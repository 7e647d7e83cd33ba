package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How small and how quick; the figures are printed, only what does not depend on the machine is asserted. */
class FootprintTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path data;

    @Test
    void idle() throws IOException {
        Rig.boot(data.resolve("first")).close(); // the first start of an installation prepares its class archive
        try (Rig rig = Rig.boot(data.resolve("second"))) {
            assertThat(rig.get("/_health").statusCode()).isEqualTo(200);
            System.out.printf(
                    "footprint: start %d ms, resident %d MB, %d threads%n",
                    rig.startMillis(), rig.status("VmRSS") / 1024, rig.status("Threads"));
            assertThat(rig.status("Threads")).isLessThanOrEqualTo(30);
        }
    }

    @Test
    void distribution() throws IOException {
        System.out.printf(
                "footprint: packed %d kB, runnable jar %d kB%n",
                Files.size(Installation.tarball()) / 1024, Files.size(Installation.runnableJar()) / 1024);
        for (Path bundle : Installation.bundles()) {
            System.out.printf("footprint: %7d kB %s%n", Files.size(bundle) / 1024, bundle.getFileName());
        }
        assertThat(Files.size(Installation.tarball())).isLessThan(12 * MIB);
        assertThat(Files.size(Installation.runnableJar())).isLessThan(12 * MIB);
    }
}
