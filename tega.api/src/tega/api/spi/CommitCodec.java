package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import tega.api.Commit;
import tega.api.Value;

/**
 * Commits as bytes: one line of compact JSON, readable with a pager, the form of the log and of sync. Ephemeral edits are left
 * out; {@link Commit#versions()} is not written, it follows from the edits. Times and windows are in whole milliseconds.
 */
@ProviderType
public interface CommitCodec {
    /** The commit's bytes. */
    byte[] encode(Commit commit);

    /** The commit of these bytes; {@code DAMAGED} when they are none. */
    Commit decode(byte[] bytes, int offset, int length);

    /** The same content and the versions of the roots as a value, for people and for REST. */
    Value toValue(Commit commit);
}
