package tega.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** A server's folder of releases, what runs in it, and jars to put there. Time goes as fast as it is waited for. */
final class Workshop {
    static final String DISTRIBUTION = "d1";

    final Path folder;
    final FakeHost host = new FakeHost();
    final Disk disk;
    private long nanos;

    Workshop(Path folder) {
        this.folder = folder;
        this.disk = new SystemDisk(folder.resolve("releases"));
    }

    final Time time = new Time() {
        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void pause(Duration duration) {
            nanos += duration.toNanos();
        }
    };

    Deployer deployer() {
        return deployer(disk, DISTRIBUTION);
    }

    Deployer deployer(Disk on, String distribution) {
        return new Deployer(
                on,
                new Ledger(on, distribution),
                host,
                new Trust(folder.resolve("keys"), Trust.Policy.REMOTE),
                time,
                Patience.USUAL,
                () -> {});
    }

    /** A new process on the same folder: what the launcher starts, and what the deployer starts then. */
    Deployer restart() {
        host.boot(new Ledger(disk, DISTRIBUTION).load());
        var deployer = deployer();
        deployer.startInstalled();
        return deployer;
    }

    /** Has a leaf be part of the distribution, and run. */
    Path leaf(String name) {
        var jar = jar("distribution-" + name + ".jar", name, "1.0.0", "as shipped");
        host.originals.put(name, jar);
        host.boot(java.util.Map.of());
        return jar;
    }

    Path jar(String file, String name, String version, String content) {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        var path = folder.resolve(file);
        try {
            Files.createDirectories(path.getParent());
            try (var out = new JarOutputStream(Files.newOutputStream(path), manifest)) {
                var entry = new JarEntry("content");
                entry.setTime(0);
                out.putNextEntry(entry);
                out.write(content.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path;
    }

    static String digest(Path jar) {
        return Jar.read(jar).digest();
    }

    static String glance(Path jar) {
        return Jar.read(jar).glance();
    }

    static Delivery sent(Path jar) {
        return new Delivery(jar, "upload", "console:me", false, null, null, false);
    }

    static Delivery sent(Path jar, boolean remote, @Nullable String digest, @Nullable String signature, boolean force) {
        return new Delivery(jar, "upload", "alice", remote, digest, signature, force);
    }
}
