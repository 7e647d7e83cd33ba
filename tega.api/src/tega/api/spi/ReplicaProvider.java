package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/** Makes replicas; found by {@link java.util.ServiceLoader}. */
@ProviderType
public interface ReplicaProvider {
    /** An empty one. */
    Replica replica(CommitCodec commits);
}
