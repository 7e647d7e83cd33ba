package tega.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the log did since it was opened. */
final class Counters {
    /** How many files were begun under a name that does not count; makes such names differ. */
    final AtomicLong begun = new AtomicLong();

    final LongAdder commits = new LongAdder();
    final LongAdder unkept = new LongAdder();
    final LongAdder payload = new LongAdder();
    final LongAdder written = new LongAdder();
    final LongAdder zeros = new LongAdder();
    final LongAdder syncs = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder rollFailures = new LongAdder();
    final LongAdder pictures = new LongAdder();
    final LongAdder pictureBytes = new LongAdder();
    final LongAdder pictureFailures = new LongAdder();
}
