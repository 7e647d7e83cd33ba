package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Who hangs on whom. A bundle of tega may be exchanged alone exactly when no other bundle is wired to it, so nothing
 * but {@code tega.api} (and the logging API of the libraries) may offer packages.
 */
class WiringTest {
    private static final Set<String> EXPORTERS = Set.of("tega.api", "tega.logging");

    private final List<Bundle> bundles = new ArrayList<>();

    @TempDir
    private Path cache;

    private Framework framework;

    static Stream<String> leaves() {
        return Installation.bundles().stream()
                .map(WiringTest::symbolicName)
                .filter(name -> name.startsWith("tega.") && !EXPORTERS.contains(name));
    }

    @BeforeEach
    void install() throws BundleException {
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, cache.toString()));
        framework.start();
        for (Path jar : Installation.bundles()) {
            bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
        }
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void everyBundleResolves() {
        wiring().resolveBundles(bundles);
        assertThat(bundles).allSatisfy(bundle -> assertThat(bundle.getState())
                .as(bundle.getSymbolicName())
                .isEqualTo(Bundle.RESOLVED));
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void updatingALeafRestartsItAlone(String leaf) {
        wiring().resolveBundles(bundles);
        Bundle bundle = bundles.stream()
                .filter(candidate -> candidate.getSymbolicName().equals(leaf))
                .findFirst()
                .orElseThrow();
        assertThat(wiring().getDependencyClosure(List.of(bundle))).containsExactly(bundle);
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aLeafOffersNoPackages(String leaf) {
        assertThat(header(jar(leaf), Constants.EXPORT_PACKAGE)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void ofTegaALeafImportsTheApiAlone(String leaf) {
        Set<String> imported = new TreeSet<>();
        for (String clause : header(jar(leaf), Constants.IMPORT_PACKAGE).split(",(?=[a-z])")) {
            String name = clause.split(";")[0];
            if (name.startsWith("tega.")) {
                imported.add(name);
            }
        }
        assertThat(imported).allMatch(name -> name.equals("tega.api") || name.startsWith("tega.api."));
    }

    private FrameworkWiring wiring() {
        return framework.adapt(FrameworkWiring.class);
    }

    private static Path jar(String name) {
        return Installation.bundles().stream()
                .filter(jar -> symbolicName(jar).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String symbolicName(Path jar) {
        return header(jar, Constants.BUNDLE_SYMBOLICNAME).split(";")[0];
    }

    private static String header(Path jar, String name) {
        try (JarFile file = new JarFile(jar.toFile())) {
            String value = file.getManifest().getMainAttributes().getValue(name);
            return value == null ? "" : value;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
