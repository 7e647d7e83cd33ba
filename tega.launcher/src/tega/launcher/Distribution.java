package tega.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What was installed: a folder with {@code bin/ etc/ bundles/ plugins/} and a file {@code release} that tells version
 * and digest. The runnable jar carries the same folder inside and lays it out in the data folder's cache first.
 */
final class Distribution {
    /** The folder's place in the runnable jar. */
    private static final String PACKED = "distribution/";

    private static final String RELEASE = "release";

    private final Path home;
    private final Properties release;

    private Distribution(Path home) throws IOException {
        this.home = home;
        this.release = new Properties();
        try (InputStream in = Files.newInputStream(home.resolve(RELEASE))) {
            release.load(in);
        }
    }

    /** The distribution this very jar belongs to. */
    static Distribution locate(Path cache) throws StartException {
        Path jar = ownJar();
        try {
            Path home = jar.resolveSibling("..").normalize();
            return new Distribution(Files.exists(home.resolve(RELEASE)) ? home : unpack(jar, cache));
        } catch (IOException e) {
            throw new StartException("the installation around " + jar + " cannot be read", e);
        }
    }

    Path home() {
        return home;
    }

    String version() {
        return release.getProperty("version", "unknown");
    }

    /** Tells it from every other; empty when it does not say. */
    String digest() {
        return release.getProperty("digest", "");
    }

    /** The bundles of the server, in the order in which they start. */
    List<Path> bundles() throws StartException {
        return jars(home.resolve("bundles"));
    }

    /** The folders whose jars are plugins: its own, and those named beside it. */
    List<String> plugins(List<String> more) {
        List<String> folders = new ArrayList<>(List.of(home.resolve("plugins").toString()));
        folders.addAll(more);
        return folders;
    }

    /** The jars of a folder by name; none when there is no such folder. */
    static List<Path> jars(Path folder) throws StartException {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.jar")) {
                entries.forEach(jars::add);
            } catch (IOException e) {
                throw new StartException("the folder " + folder + " cannot be read", e);
            }
        }
        Collections.sort(jars);
        return jars;
    }

    private static Path ownJar() throws StartException {
        try {
            URI source = Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(source);
        } catch (URISyntaxException e) {
            throw new StartException("the place of the launcher is no path", e);
        }
    }

    private static Path unpack(Path jar, Path cache) throws IOException {
        Path home = cache.resolve("home");
        try (JarFile file = new JarFile(jar.toFile())) {
            byte[] release = read(file, RELEASE);
            if (Files.exists(home.resolve(RELEASE))
                    && Arrays.equals(release, Files.readAllBytes(home.resolve(RELEASE)))) {
                return home;
            }
            delete(home);
            for (JarEntry entry : Collections.list(file.entries())) {
                if (entry.getName().startsWith(PACKED) && !entry.isDirectory()) {
                    String name = entry.getName().substring(PACKED.length());
                    if (!name.equals(RELEASE)) {
                        write(home, name, read(file, name));
                    }
                }
            }
            write(home, RELEASE, release); // last: what is there without it is half of something
        }
        return home;
    }

    private static byte[] read(JarFile file, String name) throws IOException {
        JarEntry entry = file.getJarEntry(PACKED + name);
        if (entry == null) {
            throw new IOException("it lacks " + name);
        }
        try (InputStream in = file.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void write(Path home, String name, byte[] content) throws IOException {
        Path target = home.resolve(name).normalize();
        Files.createDirectories(target.resolveSibling("."));
        Files.write(target, content);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.walk(folder)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
