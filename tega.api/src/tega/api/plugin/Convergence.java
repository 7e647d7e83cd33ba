package tega.api.plugin;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a plugin that carries out what a config root says tells what became of it, so that the global server can show for each
 * device what was intended, received, applied and rejected. Calling it costs nothing; the newest word counts.
 */
@ProviderType
public interface Convergence {
    /** Everything up to {@code revision} of this server that concerns {@code root} is carried out. */
    void applied(String root, long revision);

    /** What {@code revision} of this server changed in {@code root} cannot be carried out; {@code reason} is for people. */
    void rejected(String root, long revision, String reason);
}
