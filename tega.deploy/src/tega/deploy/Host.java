package tega.deploy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The framework, as far as it concerns the deployment. One thread at a time changes things; any may ask. */
interface Host {
    /** Whether a bundle of this name is there, whatever its state. */
    boolean has(String name);

    /** The jar that the distribution has of this bundle; empty when it has none. */
    Optional<Path> original(String name);

    /**
     * What would be done; changes nothing that runs. {@code CONFLICT} with the reason when it cannot be: what it needs is not there,
     * or it would take the ground from under the rest.
     */
    Plan plan(Artifact candidate, Path jar);

    /** Puts the jar in place of the bundle of this name, if there is one, and leaves it stopped. {@code UNAVAILABLE} when that fails. */
    void exchange(String name, Path jar);

    /** Starts the bundle, and what was stopped with it. {@code UNAVAILABLE} with the reason when it does not start. */
    void start(String name);

    /** Stops the bundle; nothing happens when it is not there. */
    void stop(String name);

    /** Stops the bundle and takes it out; nothing happens when it is not there. */
    void remove(String name);

    /** What works now, for {@link #troubles} to compare with. */
    Set<String> standing();

    /** What keeps the bundle, and what worked {@code before}, from working now, a sentence each; empty when nothing does. */
    List<String> troubles(String name, Set<String> before);
}
