package tega.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.JarFile;
import tega.api.TegaException;

/** A jar as it was delivered, looked at before anything is done with it. */
final class Jar {
    /** More than this unpacked is no bundle but an attack, or a mistake. */
    private static final long MOST = 1L << 30;

    private Jar() {}

    /**
     * What it is. It was read whole: the table at its end is there and every entry has the checksum it is said to have, so half a
     * copy is never taken for a jar. {@code INVALID} with the reason when it is no bundle.
     */
    static Artifact read(Path file) {
        try (var jar = new JarFile(file.toFile(), false)) {
            var manifest = jar.getManifest();
            if (manifest == null) {
                throw new TegaException.Invalid(file.getFileName() + " has no manifest; a plugin is an OSGi bundle");
            }
            check(jar);
            var attributes = manifest.getMainAttributes();
            var name = attributes.getValue("Bundle-SymbolicName");
            if (name == null) {
                throw new TegaException.Invalid(file.getFileName()
                        + " has no Bundle-SymbolicName in its manifest, so it is no OSGi bundle; build it with bnd");
            }
            var version = attributes.getValue("Bundle-Version");
            return new Artifact(
                    name.split(";", 2)[0].strip(),
                    Version.parse(version == null ? "0" : version),
                    digest(file),
                    Files.size(file));
        } catch (IOException | SecurityException | IllegalArgumentException e) {
            throw new TegaException.Invalid(
                    file.getFileName() + " is no whole jar (" + reason(e) + "); it is looked at again when it changes");
        }
    }

    private static void check(JarFile jar) throws IOException {
        var left = MOST;
        var buffer = new byte[1 << 16];
        for (var entries = jar.entries(); entries.hasMoreElements(); ) {
            try (InputStream in = jar.getInputStream(entries.nextElement())) {
                for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    left -= count;
                    if (left < 0) {
                        throw new IOException("it unpacks to more than a gigabyte");
                    }
                }
            }
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static String digest(Path file) throws IOException {
        var sha256 = sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
