package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;

/**
 * On the flash: the router's own trial, which restores the files unless it is confirmed, with a copy of ours beside it for what
 * that does not survive, the loss of power and of the process that does it.
 */
final class FlashTryout implements Tryout {
    /** The guard comes after the router itself. */
    private static final Duration AFTER = Duration.ofSeconds(5);

    private final RouterUci uci;
    private final Journal journal;
    private final Watchdog watchdog;

    FlashTryout(RouterUci uci, Journal journal, Watchdog watchdog) {
        this.uci = uci;
        this.journal = journal;
        this.watchdog = watchdog;
    }

    @Override
    public void prepare(Subject subject) throws IOException {
        journal.open(subject.names());
    }

    @Override
    public void begin(Subject subject, Duration window) throws IOException {
        if (watchdog.isAlive()) {
            watchdog.arm(subject.names(), window.plus(AFTER));
        }
        uci.apply(window);
    }

    @Override
    public void again(Subject subject) {
        // The router runs them or has taken them back; the proof and the confirmation tell.
    }

    @Override
    public boolean keep(Subject subject, Prober proof) throws IOException {
        uci.confirm();
        return true;
    }

    @Override
    public void giveBack(Subject subject, boolean requested) throws IOException {
        if (requested) {
            uci.rollback();
        }
    }
}
