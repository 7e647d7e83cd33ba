package tega.access;

import java.util.function.Supplier;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.Path;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;

/** Decides by the grants in force at that moment. */
final class Warden implements Authorizer {
    private final Supplier<Policy> policy;
    private final AuditLog acts;
    private final AuditLog refusals;

    Warden(Supplier<Policy> policy, AuditLog acts, AuditLog refusals) {
        this.policy = policy;
        this.acts = acts;
        this.refusals = refusals;
    }

    @Override
    public boolean permits(Identity identity, Action action, Path path) {
        return extent(identity, action, path) == Extent.ALL;
    }

    @Override
    public Extent extent(Identity identity, Action action, Path path) {
        return policy.get().extent(identity.author(), action, path);
    }

    @Override
    public void require(Identity identity, Action action, Path path) {
        if (!permits(identity, action, path)) {
            refusals.write("forbidden", about(identity, action, path));
            throw Authorizer.refusal(identity, action, path);
        }
        if (action == Action.ADMIN) {
            acts.write("permitted", about(identity, action, path));
        }
    }

    private static String[] about(Identity identity, Action action, Path path) {
        return new String[] {
            "by", identity.author(), "tega_id", identity.tegaId(), "action", action.grant(), "path", path.toString()
        };
    }
}
