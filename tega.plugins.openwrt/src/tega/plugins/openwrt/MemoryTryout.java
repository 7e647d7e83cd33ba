package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import tega.plugins.openwrt.uci.UciModel;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPlan;

/**
 * In RAM: the flash is untouched until the goals have been proved, so that a loss of power undoes them. Whoever is gone is
 * stood in for by the {@link Watchdog}.
 */
final class MemoryTryout implements Tryout {
    /** How long what was proved in RAM may take to get to the flash. */
    private static final Duration WRITING = Duration.ofSeconds(30);

    private static final Duration STEP = Duration.ofMillis(500);
    private static final int PROOFS = 20;

    private final RouterUci uci;
    private final Journal journal;
    private final Watchdog watchdog;
    private final Overrides overrides;
    private final Pause pause;

    MemoryTryout(RouterUci uci, Journal journal, Watchdog watchdog, Overrides overrides, Pause pause) {
        this.uci = uci;
        this.journal = journal;
        this.watchdog = watchdog;
        this.overrides = overrides;
        this.pause = pause;
    }

    @Override
    public void prepare(Subject subject) throws IOException {
        for (var name : subject.names()) {
            uci.revert(name);
        }
    }

    @Override
    public void begin(Subject subject, Duration window) throws IOException {
        watchdog.arm(subject.names(), window);
        for (var goal : subject.goals().values()) {
            overrides.put(goal);
        }
        watchdog.tell(subject.names());
    }

    @Override
    public void again(Subject subject) throws IOException {
        watchdog.tell(subject.names());
    }

    @Override
    public boolean keep(Subject subject, Prober proof) throws IOException {
        for (var goal : subject.goals().values()) {
            if (!UciModel.isSame(uci.read(goal.name()), goal)) {
                throw new Ubus.Refusal(Ubus.Refusal.NO_DATA, goal.name() + " is not what was put in RAM any more");
            }
        }
        journal.open(subject.names());
        watchdog.arm(subject.names(), WRITING.plusSeconds(5));
        overrides.remove(subject.names());
        for (var goal : subject.goals().values()) {
            uci.stage(UciPlan.of(uci.read(goal.name()), UciModel.canonical(goal), null, UciOwnership.PACKAGE));
        }
        uci.apply(WRITING);
        for (var proofs = 0; proofs < PROOFS; proofs++) {
            try {
                proof.prove();
                uci.confirm();
                return true;
            } catch (Ubus.Refusal e) {
                throw e;
            } catch (IOException e) {
                pause.sleep(STEP);
            }
        }
        return false;
    }

    @Override
    public void giveBack(Subject subject, boolean requested) throws IOException {
        if (!overrides.of(subject.names()).isEmpty()) {
            overrides.remove(subject.names());
            watchdog.tell(subject.names());
        }
    }
}
