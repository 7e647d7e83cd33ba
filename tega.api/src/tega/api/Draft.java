package tega.api;

import org.osgi.annotation.versioning.ProviderType;

/** A transaction that lives on the server under an id, private to its owner, until committed, cancelled or idle for too long. */
@ProviderType
public interface Draft extends Transaction {
    /** The id, a UUID. */
    String id();
}
