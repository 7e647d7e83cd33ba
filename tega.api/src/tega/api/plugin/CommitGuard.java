package tega.api.plugin;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at a commit before it happens and may refuse it. Must be a quick, pure function of what it is shown: it may be asked
 * about one commit several times, and by several threads at once. A guard that throws refuses the commit.
 */
@ConsumerType
@FunctionalInterface
public interface CommitGuard {
    /** Says what it has to say about {@code candidate}; silence accepts. */
    void check(Candidate candidate);
}
