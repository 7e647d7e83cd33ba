package tega.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What was installed beside the distribution, as {@code tega.deploy} has written it down in {@code releases/installed.properties} of
 * the data folder: of each bundle {@code <name>.file}, a jar in that folder, and {@code <name>.base}, the digest of the distribution
 * it was put into. A newer distribution goes before what was put into an older one.
 */
final class Releases {
    private static final String FILE = ".file";

    private final Path folder;
    private final Properties installed = new Properties();

    Releases(Path data) throws StartException {
        folder = data.resolve("releases");
        Path file = folder.resolve("installed.properties");
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                installed.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new StartException(
                        "cannot read what is installed from " + file
                                + "; move it away to start with the distribution alone",
                        e);
            }
        }
    }

    /** The bundles of the distribution, each replaced by what was committed in its place. */
    List<Path> instead(List<Path> bundles, String digest) {
        List<Path> chosen = new ArrayList<>();
        for (Path bundle : bundles) {
            String name = bundle.getFileName().toString().replaceFirst("-\\d.*$", "");
            String file = installed.getProperty(name + FILE, "");
            Path other = folder.resolve(file);
            boolean fits = !file.isEmpty() && digest.equals(installed.getProperty(name + ".base"));
            chosen.add(fits && Files.exists(other) ? other : bundle);
        }
        return chosen;
    }
}
