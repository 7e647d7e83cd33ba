package tega.itest;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The distribution as somebody gets it: {@code tega-<version>.tar.gz} unpacked in another place, once for all tests. */
final class Installation {
    private static final Path PACKED = Path.of(System.getProperty("tega.distribution", "no -Dtega.distribution"));

    private static final Path HOME = unpack(Path.of(System.getProperty("tega.work", "target/work")));

    private Installation() {}

    static Path home() {
        return HOME;
    }

    static Path tarball() {
        return PACKED.resolveSibling(PACKED.getFileName() + ".tar.gz");
    }

    static Path runnableJar() {
        return PACKED.resolveSibling(PACKED.getFileName() + ".jar");
    }

    static List<Path> bundles() {
        return list(HOME.resolve("bundles"));
    }

    /** An own copy, for a test that changes what is installed. */
    static Path copyTo(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(HOME)) {
            for (Path path : all.toList()) {
                Path copy = target.resolve(HOME.relativize(path).toString());
                if (!Files.isDirectory(path)) {
                    Files.createDirectories(copy.getParent());
                    Files.copy(path, copy, REPLACE_EXISTING, COPY_ATTRIBUTES);
                }
            }
        }
        return target;
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpack(Path work) {
        try {
            if (!Files.exists(tarball())) {
                throw new IllegalStateException("there is no " + tarball() + ": run mvn verify, which packs it first");
            }
            Files.createDirectories(work);
            Path here = Files.createTempDirectory(work, "installed");
            Process tar = new ProcessBuilder("tar", "-xzf", tarball().toString(), "-C", here.toString())
                    .inheritIO()
                    .start();
            if (tar.waitFor() != 0) {
                throw new IllegalStateException("tar cannot unpack " + tarball());
            }
            return list(here).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
