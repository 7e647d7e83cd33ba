package tega.api.spi;

import java.util.UUID;
import tega.api.Commit;

/**
 * A commit that wants its place in the log.
 *
 * @param id the same for every try to append the same commit; a replicated log uses it to append once
 * @param commit the commit, with the revision it expects to get
 * @param durable false when all of its roots are volatile: kept in memory only
 */
public record Proposal(UUID id, Commit commit, boolean durable) {}
