package tega.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * Folders whose jars are meant to run. What lies there is what is wanted: a jar that comes is installed, one that changes is taken
 * in place of what it was, one that goes is removed. A jar is looked into when it was the same twice, and taken when it is whole.
 */
final class DropFolders {
    /** A jar as it is in the folder. */
    private record Sight(long size, FileTime changed) {}

    /** What was made of a sight; {@code artifact} is null when it is no bundle. */
    private record Verdict(Sight sight, @Nullable Artifact artifact, String fault, long settled) {}

    private final List<Path> folders;
    private final Deployer deployer;
    private final Executor trials;
    private final Map<Path, Sight> seen = new HashMap<>();
    private final Map<Path, Verdict> verdicts = new TreeMap<>();
    private volatile Map<String, String> faults = Map.of();

    /** {@code trials} runs what takes as long as a trial. */
    DropFolders(List<Path> folders, Deployer deployer, Executor trials) {
        this.folders = List.copyOf(folders);
        this.deployer = deployer;
        this.trials = trials;
    }

    /** Why a file is not what runs: by its name. */
    Map<String, String> faults() {
        return faults;
    }

    /** Looks once; {@code atOnce}: what is there now is taken without being looked at twice. */
    synchronized void scan(boolean atOnce) {
        var files = files();
        verdicts.keySet().retainAll(files.keySet());
        seen.keySet().retainAll(files.keySet());
        files.forEach((file, sight) -> look(file, sight, atOnce));
        for (var file : winners()) {
            deliver(file);
        }
        removeWhatIsGone(files);
        var told = new TreeMap<String, String>();
        verdicts.forEach((file, verdict) -> {
            if (!verdict.fault().isEmpty()) {
                told.put(String.valueOf(file.getFileName()), verdict.fault());
            }
        });
        faults = Map.copyOf(told);
    }

    private Map<Path, Sight> files() {
        var files = new TreeMap<Path, Sight>();
        for (var folder : folders) {
            try (var entries = Files.newDirectoryStream(folder, "[!.]*.jar")) {
                for (var file : entries) {
                    files.put(file, new Sight(Files.size(file), Files.getLastModifiedTime(file)));
                }
            } catch (IOException e) {
                // A folder that is not there is empty; a file that goes at this moment is gone at the next.
            }
        }
        return files;
    }

    private void look(Path file, Sight sight, boolean atOnce) {
        var verdict = verdicts.get(file);
        if (verdict != null && verdict.sight().equals(sight)) {
            return;
        }
        if (!sight.equals(seen.put(file, sight)) && !atOnce) {
            return;
        }
        try {
            verdicts.put(file, new Verdict(sight, Jar.read(file), "", -1));
        } catch (TegaException e) {
            // While it is being replaced it is still what it was.
            var known = verdict == null ? null : verdict.artifact();
            verdicts.put(file, new Verdict(sight, known, e.getMessage(), Long.MAX_VALUE));
        }
    }

    /** Of several files with one bundle the one of the highest version counts, of equal ones the newest. */
    private List<Path> winners() {
        var byName = new HashMap<String, Path>();
        verdicts.forEach((file, verdict) -> {
            var artifact = verdict.artifact();
            if (artifact != null && verdict.settled() != Long.MAX_VALUE) {
                byName.merge(artifact.name(), file, this::better);
            }
        });
        verdicts.replaceAll((file, verdict) -> {
            var artifact = verdict.artifact();
            var winner = artifact == null ? null : byName.get(artifact.name());
            return winner == null || winner.equals(file)
                    ? verdict
                    : new Verdict(verdict.sight(), artifact, winner.getFileName() + " counts in its place", -1);
        });
        var winners = new ArrayList<>(byName.values());
        winners.sort(null);
        return winners;
    }

    private Path better(Path one, Path other) {
        var order = artifact(one).version().compareTo(artifact(other).version());
        if (order == 0) {
            order = verdict(one)
                    .sight()
                    .changed()
                    .compareTo(verdict(other).sight().changed());
        }
        return order >= 0 ? one : other;
    }

    private Verdict verdict(Path file) {
        return java.util.Objects.requireNonNull(verdicts.get(file));
    }

    private Artifact artifact(Path file) {
        return java.util.Objects.requireNonNull(verdict(file).artifact());
    }

    private void deliver(Path file) {
        var verdict = verdict(file);
        var artifact = artifact(file);
        var release = deployer.release(artifact.name());
        var settled = deployer.settled();
        if (verdict.settled() >= settled
                || release.filter(known -> known.stage().onTrial()).isPresent()) {
            return;
        }
        verdicts.put(file, new Verdict(verdict.sight(), artifact, "", settled));
        if (release.isPresent() && isAnswered(release.get(), artifact)) {
            return;
        }
        var bad = release.map(Release::quarantine).map(digests -> digests.get(artifact.digest()));
        if (bad.isPresent()) {
            verdicts.put(
                    file,
                    new Verdict(verdict.sight(), artifact, "it was tried before: " + bad.get(), Long.MAX_VALUE - 1));
            return;
        }
        try {
            var trial = deployer.begin(Delivery.dropped(file, signature(file)));
            trial.ifPresent(begun -> trials.execute(() -> finish(begun)));
        } catch (TegaException e) {
            verdicts.put(file, new Verdict(verdict.sight(), artifact, e.getMessage(), settled));
        }
    }

    /** Whether it runs, or was exchanged by other means than the folder. */
    private static boolean isAnswered(Release release, Artifact artifact) {
        var active = release.active();
        var previous = release.previous();
        return active != null
                && (active.digest().equals(artifact.digest())
                        || (previous != null
                                && previous.digest().equals(artifact.digest())
                                && !release.source().startsWith(Delivery.FOLDER)));
    }

    private void finish(Trial trial) {
        try {
            deployer.finish(trial);
        } catch (TegaException e) {
            // The release says why.
        }
    }

    private static @Nullable String signature(Path file) {
        return Signed.beside(file.toString());
    }

    private void removeWhatIsGone(Map<Path, Sight> files) {
        var names = new HashSet<String>();
        verdicts.values().forEach(verdict -> {
            var artifact = verdict.artifact();
            if (artifact != null) {
                names.add(artifact.name());
            }
        });
        for (var release : deployer.releases()) {
            var file = source(release);
            if (file.isPresent()
                    && !release.stage().onTrial()
                    && release.stage() != Stage.REMOVED
                    && !files.containsKey(file.get())
                    && !names.contains(release.name())) {
                try {
                    deployer.remove(release.name());
                } catch (TegaException e) {
                    // It is tried again at the next look.
                }
            }
        }
    }

    private static Optional<Path> source(Release release) {
        return release.source().startsWith(Delivery.FOLDER)
                ? Optional.of(Path.of(release.source().substring(Delivery.FOLDER.length())))
                : Optional.empty();
    }
}
