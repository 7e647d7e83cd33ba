package tega.plugins.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes the machine have what is wanted, or what it had before. What was there is on disk before the first step, and the way
 * back is found by looking, not by remembering: it does not matter where it stopped. For one thread at a time.
 */
public final class Applier {
    /** Some steps have effects that only the next look shows, such as routes that fall with an address. */
    private static final int ROUNDS = 3;

    private final Realm realm;
    private final Kernel kernel;
    private final Journal journal;

    /** Nothing is done yet. */
    public Applier(Realm realm, Kernel kernel, Journal journal) {
        this.realm = realm;
        this.kernel = kernel;
        this.journal = journal;
    }

    /** What would be done. */
    public Plan plan(Network want) throws IOException {
        return Plan.between(realm, kernel.read(want, Set.of()), want);
    }

    /** What is there now, as far as it concerns {@code want}. */
    public Network look(Network want) throws IOException {
        return kernel.read(want, Set.of());
    }

    /** Goes back from what was begun and did not end; empty when there is no such thing. */
    public Optional<Outcome> recover() throws IOException {
        var entry = journal.open();
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        var left = entry.get();
        var ops = new ArrayList<Op>();
        back(left.before(), left.claims(), ops);
        journal.end();
        return Optional.of(new Outcome(Outcome.State.ROLLED_BACK, List.of(), ops, "", "it was cut off"));
    }

    /**
     * Makes it so.
     *
     * @param planned is told the plan before the first step
     * @throws IOException when the machine cannot be looked at; nothing was changed then
     */
    public Outcome apply(Network want, Consumer<Plan> planned) throws IOException {
        var have = kernel.read(want, Set.of());
        var plan = Plan.between(realm, have, want);
        planned.accept(plan);
        if (plan.isEmpty()) {
            return new Outcome(Outcome.State.UNCHANGED, List.of(), List.of(), "", "");
        }
        var before = have.concerning(realm, want);
        var claims = plan.claims();
        journal.begin(before, claims);
        var ops = new ArrayList<Op>();
        try {
            for (var round = 0; round < ROUNDS && !plan.isEmpty(); round++) {
                ops.addAll(plan.ops());
                kernel.run(plan.ops());
                plan = Plan.between(realm, kernel.read(want, claims), want);
            }
            if (plan.isEmpty()) {
                journal.end();
                return new Outcome(Outcome.State.APPLIED, ops, List.of(), "", "");
            }
            throw new KernelFailure(plan.ops().get(0).toString(), "it was done and did not stay done");
        } catch (IOException e) {
            return undo(before, claims, ops, e);
        }
    }

    private Outcome undo(Network before, Set<String> claims, List<Op> ops, IOException failure) throws IOException {
        var command = failure instanceof KernelFailure refused ? refused.command() : "";
        var message = String.valueOf(failure.getMessage());
        var undone = new ArrayList<Op>();
        try {
            back(before, claims, undone);
            journal.end();
            return new Outcome(Outcome.State.ROLLED_BACK, ops, undone, command, message);
        } catch (KernelFailure again) {
            // The journal stays: the next start, or the next call, tries again.
            return new Outcome(
                    Outcome.State.FAILED,
                    ops,
                    undone,
                    command,
                    message + "; and on the way back '" + again.command() + "': " + again.getMessage());
        }
    }

    private void back(Network before, Set<String> claims, List<Op> undone) throws IOException {
        var plan = Plan.between(realm, kernel.read(before, claims), before);
        for (var round = 0; round < ROUNDS && !plan.isEmpty(); round++) {
            undone.addAll(plan.ops());
            kernel.run(plan.ops());
            plan = Plan.between(realm, kernel.read(before, claims), before);
        }
        if (!plan.isEmpty()) {
            throw new KernelFailure(plan.ops().get(0).toString(), "it was done and did not stay done");
        }
    }
}
