package tega.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tega.api.TegaException;

/** A framework that keeps, of each bundle, which build of it is there and whether it runs. What a build does is in its jar. */
final class FakeHost implements Host {
    final Map<String, Path> originals = new HashMap<>();
    final Map<String, Artifact> there = new TreeMap<>();
    final Set<String> running = new TreeSet<>();
    final List<String> done = new ArrayList<>();
    /** By digest: what is wrong with a build when it is planned, started, or looked at. */
    final Map<String, String> misfits = new HashMap<>();

    final Map<String, String> deadborn = new HashMap<>();
    final Map<String, String> sick = new HashMap<>();

    /** What runs, each with the glance of its digest. */
    Map<String, String> set() {
        var set = new TreeMap<String, String>();
        running.forEach(name -> set.put(name, there.get(name).glance()));
        return set;
    }

    /** As the launcher leaves it: the distribution's, or what was committed in place of it. */
    void boot(Map<String, Release> installed) {
        there.clear();
        running.clear();
        originals.forEach((name, jar) -> {
            var release = installed.get(name);
            var active = release == null ? null : release.active();
            there.put(name, active == null ? Jar.read(jar) : active);
            running.add(name);
        });
    }

    @Override
    public boolean has(String name) {
        return there.containsKey(name);
    }

    @Override
    public Optional<Path> original(String name) {
        return Optional.ofNullable(originals.get(name));
    }

    @Override
    public Plan plan(Artifact candidate, Path jar) {
        if (misfits.containsKey(candidate.digest())) {
            throw new TegaException.Conflict(null, misfits.get(candidate.digest()));
        }
        return new Plan(has(candidate.name()), has(candidate.name()) ? List.of(candidate.name()) : List.of());
    }

    @Override
    public void exchange(String name, Path jar) {
        if (!Files.exists(jar)) {
            throw new TegaException.Unavailable("there is no " + jar);
        }
        running.remove(name);
        there.put(name, Jar.read(jar));
        done.add("exchange " + there.get(name).glance());
    }

    @Override
    public void start(String name) {
        var artifact = there.get(name);
        if (deadborn.containsKey(artifact.digest())) {
            throw new TegaException.Unavailable(deadborn.get(artifact.digest()));
        }
        running.add(name);
    }

    @Override
    public void stop(String name) {
        running.remove(name);
    }

    @Override
    public void remove(String name) {
        running.remove(name);
        there.remove(name);
    }

    @Override
    public Set<String> standing() {
        return new HashSet<>(running);
    }

    @Override
    public List<String> troubles(String name, Set<String> before) {
        var artifact = there.get(name);
        if (artifact == null || !running.contains(name)) {
            return List.of(name + " is not running");
        }
        return sick.containsKey(artifact.digest()) ? List.of(sick.get(artifact.digest())) : List.of();
    }
}
