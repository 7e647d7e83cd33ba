package tega.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The drafts of one session's owner. */
@ProviderType
public interface Drafts {
    /** Begins a draft on the current snapshot. */
    Draft begin();

    /** The draft with this id; {@code NOT_FOUND} when unknown, expired, finished or another owner's. Counts as use of it. */
    Draft get(String id);

    /** The ids of the open drafts. */
    List<String> ids();
}
