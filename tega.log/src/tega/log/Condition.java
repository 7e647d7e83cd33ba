package tega.log;

import java.io.IOException;
import java.time.Duration;
import tega.api.ErrorCode;
import tega.api.TegaException;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;

/**
 * Whether commits are taken, and why not. While the disk refuses, somebody looks from time to time whether it does still, so that
 * health tells it before anybody commits.
 */
final class Condition {
    static final String CLOSED = "the commit log is not open";
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final System.Logger LOG = System.getLogger("tega.log");

    /** What troubles it: the sentence is empty when nothing does. */
    record Trouble(ErrorCode code, String sentence) {}

    private static final Trouble NONE = new Trouble(ErrorCode.UNAVAILABLE, "");

    /** Looks whether the disk takes commits; throws when it does not. */
    interface Probe {
        void look() throws IOException;
    }

    private final Storage storage;
    private final Scheduler scheduler;
    private final Runnable probe;
    private volatile Trouble trouble = new Trouble(ErrorCode.UNAVAILABLE, CLOSED);
    private volatile String hindrance = "";
    private boolean probing;

    /** {@code probe} calls {@link #probe} while nothing is appended. */
    Condition(Storage storage, Scheduler scheduler, Runnable probe) {
        this.storage = storage;
        this.scheduler = scheduler;
        this.probe = probe;
    }

    Trouble trouble() {
        return trouble;
    }

    /** Why no commits are taken, or an empty text. */
    String sentence() {
        return trouble.sentence();
    }

    /** What is not as it should be although commits are taken, or an empty text. */
    String hindrance() {
        return hindrance;
    }

    void hindered(String sentence) {
        hindrance = sentence;
    }

    void well() {
        trouble = NONE;
    }

    void closed() {
        trouble = new Trouble(ErrorCode.UNAVAILABLE, CLOSED);
    }

    /** The disk refused; it is tried again later. */
    void failed(Exception e) {
        var reason = e instanceof IOException io ? Reason.of(io) : e.getMessage();
        var sentence = "cannot write to " + storage.describe("") + " (" + reason
                + "); nothing is committed until that is mended, reading goes on";
        if (trouble.sentence().isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, sentence);
        }
        trouble = new Trouble(e instanceof TegaException known ? known.code() : ErrorCode.UNAVAILABLE, sentence);
        probeLater();
    }

    /** Nothing is taken any more before the next start; what is thrown says so. */
    TegaException.Internal broken(long revision, RuntimeException e) {
        var sentence = "commit " + revision + " is durable but could not be applied (" + e.getMessage()
                + "); start the server again";
        LOG.log(System.Logger.Level.ERROR, sentence);
        trouble = new Trouble(ErrorCode.INTERNAL, sentence);
        return new TegaException.Internal(sentence, e);
    }

    private void probeLater() {
        if (!probing) {
            probing = true;
            scheduler.after(PROBE, () -> scheduler.background().execute(probe));
        }
    }

    /** Looks, if it is known to be troubled and {@code isOpen}. */
    void probe(boolean isOpen, Probe look) {
        probing = false;
        if (!isOpen || trouble.sentence().isEmpty()) {
            return;
        }
        try {
            look.look();
            well();
            LOG.log(System.Logger.Level.INFO, "{0} takes commits again", storage.describe(""));
        } catch (IOException | TegaException e) {
            probeLater();
        }
    }
}
