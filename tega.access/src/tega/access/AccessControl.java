package tega.access;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Access;
import tega.api.spi.Authenticator;
import tega.api.spi.Authorizer;
import tega.api.spi.Inspectable;

/** Who may come in and do what, as it is kept in a folder of its own; what a server without OSGi opens. */
public final class AccessControl implements Access, Inspectable, AutoCloseable {
    private final RegisterKeeper keeper;
    private final AuditLog acts;
    private final AuditLog refusals;
    private final Gate gate;
    private final Warden warden;
    private final InstantSource clock;
    private final RandomGenerator random;

    private AccessControl(
            RegisterKeeper keeper, Path folder, AccessOptions options, InstantSource clock, RandomGenerator random) {
        this.keeper = keeper;
        this.clock = clock;
        this.random = random;
        this.acts = new AuditLog(folder.resolve("acts.log"), AuditLog.Bounds.ACTS, clock);
        this.refusals = new AuditLog(folder.resolve("refusals.log"), AuditLog.Bounds.REFUSALS, clock);
        this.gate = new Gate(() -> keeper.policy().register(), options, clock, refusals);
        this.warden = new Warden(keeper::policy, acts, refusals);
    }

    /**
     * Opens what is in {@code folder}, which is made if missing. {@code random} makes secrets and must be a strong one. {@code
     * DAMAGED} or {@code UNAVAILABLE} when tokens and grants cannot be read: then nobody may be let in.
     */
    public static AccessControl open(Path folder, AccessOptions options, InstantSource clock, RandomGenerator random) {
        try {
            PrivateFile.folder(folder);
        } catch (IOException e) {
            throw new TegaException.Unavailable("the folder " + folder + " cannot be made: " + e, e);
        }
        var keeper = RegisterKeeper.open(folder.resolve("register"), options);
        return new AccessControl(keeper, folder, options, clock, random);
    }

    /** Finds out who is asking. */
    public Authenticator authenticator() {
        return gate;
    }

    /** Decides who may do what. */
    public Authorizer authorizer() {
        return warden;
    }

    @Override
    public Administration as(Identity by) {
        return new Administrator(by, keeper, acts, refusals, clock, random);
    }

    @Override
    public boolean hasTokens() {
        return keeper.policy().register().hasValidToken(clock.instant());
    }

    @Override
    public String subject() {
        return "access";
    }

    @Override
    public Optional<String> trouble() {
        return acts.trouble().or(refusals::trouble);
    }

    @Override
    public ObjectValue figures() {
        var register = keeper.policy().register();
        var now = clock.instant();
        var valid = register.tokens().values().stream()
                .filter(stored -> stored.token().isValid(now))
                .count();
        return Value.object()
                .with("tokens", Value.of(valid))
                .with("grants", Value.of(register.grants().size()))
                .with("acts", Value.of(acts.entries()))
                .with("refusals", Value.of(refusals.entries()));
    }

    @Override
    public void close() {
        acts.close();
        refusals.close();
    }
}
