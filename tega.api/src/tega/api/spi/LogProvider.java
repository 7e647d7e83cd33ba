package tega.api.spi;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Makes the commit log of a data folder; found by {@link java.util.ServiceLoader} where there is no OSGi. */
@ProviderType
public interface LogProvider {
    /**
     * The log of the data folder {@code folder}, in its sub-folder {@code log}, which is made if missing; not yet opened and not
     * yet locked.
     */
    CommitLog log(Path folder, LogOptions options, CommitCodec commits, JsonCodec json, Scheduler scheduler);
}
