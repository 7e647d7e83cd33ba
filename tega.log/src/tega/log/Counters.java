package tega.log;

import java.util.LinkedHashMap;
import java.util.Map;
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

    /** The figures by their names. */
    Map<String, Long> metrics() {
        var metrics = new LinkedHashMap<String, Long>();
        metrics.put("commits", commits.sum());
        metrics.put("commits_unkept", unkept.sum());
        metrics.put("commits_failed", failures.sum());
        metrics.put("payload_bytes", payload.sum());
        metrics.put("appended_bytes", written.sum());
        metrics.put("reserved_bytes", zeros.sum());
        metrics.put("syncs", syncs.sum());
        metrics.put("pictures_written", pictures.sum());
        metrics.put("pictures_failed", pictureFailures.sum());
        metrics.put("picture_bytes", pictureBytes.sum());
        var bytes = written.sum() + zeros.sum() + pictureBytes.sum();
        metrics.put("written_bytes", bytes);
        var kept = commits.sum() - unkept.sum();
        metrics.put("written_bytes_per_commit", kept == 0 ? 0 : bytes / kept);
        metrics.put("write_amplification_percent", payload.sum() == 0 ? 0 : bytes * 100 / payload.sum());
        return metrics;
    }
}
