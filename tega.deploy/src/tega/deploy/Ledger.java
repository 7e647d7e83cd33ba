package tega.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * The one file that says what is installed, replaced as a whole. The launcher reads it too, before there is anything else: of each
 * bundle {@code file}, the jar in this folder to start in place of the distribution's, as long as {@code base} is the digest of
 * the distribution. Lines of {@code java.util.Properties}: the name of the bundle, a dot, what is told.
 */
final class Ledger {
    static final String FILE = "installed.properties";

    private static final String QUARANTINE = "quarantine-";

    private final Disk disk;
    private final String base;
    private final Set<String> others = new HashSet<>();

    /** {@code base} tells distributions apart. */
    Ledger(Disk disk, String base) {
        this.disk = disk;
        this.base = base;
    }

    /** All there are, by name; {@code DAMAGED} when the file cannot be read. */
    Map<String, Release> load() {
        var file = disk.path(FILE);
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try (InputStream in = Files.newInputStream(file)) {
            var lines = new Properties();
            lines.load(new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            return releases(lines);
        } catch (IOException | RuntimeException e) {
            throw new TegaException.Damaged("cannot read what is installed from " + file + " (" + e.getMessage()
                    + "); move the file away to start with the distribution alone, then install anew");
        }
    }

    /** Whether what was loaded of this bundle was installed beside another distribution. */
    boolean isOfAnother(String name) {
        return others.contains(name);
    }

    private Map<String, Release> releases(Properties lines) {
        var fields = new TreeMap<String, Map<String, String>>();
        for (var key : lines.stringPropertyNames()) {
            var dot = key.lastIndexOf('.');
            fields.computeIfAbsent(key.substring(0, dot), name -> new TreeMap<>())
                    .put(key.substring(dot + 1), lines.getProperty(key));
        }
        var releases = new TreeMap<String, Release>();
        fields.forEach((name, known) -> {
            releases.put(name, release(name, known));
            if (!base.equals(known.getOrDefault("base", base))) {
                others.add(name);
            }
        });
        return releases;
    }

    private static Release release(String name, Map<String, String> fields) {
        var quarantine = new TreeMap<String, String>();
        fields.forEach((field, text) -> {
            if (field.startsWith(QUARANTINE)) {
                quarantine.put(field.substring(QUARANTINE.length()), text);
            }
        });
        return new Release(
                name,
                Stage.of(fields.getOrDefault("stage", "removed")),
                artifact(name, fields.get("active")),
                artifact(name, fields.get("previous")),
                artifact(name, fields.get("trial")),
                !"false".equals(fields.get("enabled")),
                fields.getOrDefault("source", ""),
                fields.getOrDefault("reason", ""),
                Instant.parse(fields.getOrDefault("since", Instant.EPOCH.toString())),
                Integer.parseInt(fields.getOrDefault("cuts", "0")),
                quarantine);
    }

    private static @Nullable Artifact artifact(String name, @Nullable String line) {
        return line == null ? null : Artifact.parse(name, line);
    }

    /** Writes all of them; what was there stays when that fails. */
    void save(Collection<Release> releases) throws IOException {
        var lines = new Properties();
        for (var release : releases) {
            write(release, lines);
        }
        var text = new StringWriter();
        lines.store(text, null);
        var sorted = new ArrayList<>(
                text.toString().lines().filter(line -> !line.startsWith("#")).toList());
        sorted.sort(null);
        sorted.add(0, "# What is installed beside the distribution. Written by tega; do not edit while it runs.");
        disk.put(FILE, new ByteArrayInputStream((String.join("\n", sorted) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void write(Release release, Properties lines) {
        var name = release.name() + ".";
        lines.setProperty(name + "stage", release.stage().word());
        lines.setProperty(name + "since", release.since().toString());
        lines.setProperty(name + "source", release.source());
        lines.setProperty(name + "enabled", Boolean.toString(release.enabled()));
        if (!release.reason().isEmpty()) {
            lines.setProperty(name + "reason", release.reason());
        }
        if (release.cuts() > 0) {
            lines.setProperty(name + "cuts", Integer.toString(release.cuts()));
        }
        write(lines, name + "active", release.active());
        write(lines, name + "previous", release.previous());
        write(lines, name + "trial", release.trial());
        var active = release.active();
        if (active != null) {
            lines.setProperty(name + "file", active.file());
            lines.setProperty(name + "base", base);
        }
        release.quarantine().forEach((digest, why) -> lines.setProperty(name + QUARANTINE + digest, why));
    }

    private static void write(Properties lines, String key, @Nullable Artifact artifact) {
        if (artifact != null) {
            lines.setProperty(key, artifact.line());
        }
    }

    /** The files of the depot that are named in {@code releases}. */
    static List<String> files(Collection<Release> releases) {
        var files = new ArrayList<String>();
        for (var release : releases) {
            for (var artifact : new Artifact[] {release.active(), release.previous(), release.trial()}) {
                if (artifact != null) {
                    files.add(artifact.file());
                }
            }
        }
        return files;
    }
}
