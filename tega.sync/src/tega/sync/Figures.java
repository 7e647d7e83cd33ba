package tega.sync;

import java.util.concurrent.atomic.LongAdder;
import tega.api.ObjectValue;
import tega.api.Value;

/** What is counted. */
final class Figures {
    final LongAdder adopted = new LongAdder();
    final LongAdder pictures = new LongAdder();
    final LongAdder resumed = new LongAdder();
    final LongAdder pending = new LongAdder();
    final LongAdder compactedPending = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder framesIn = new LongAdder();
    final LongAdder framesOut = new LongAdder();
    final LongAdder links = new LongAdder();
    final LongAdder forwarded = new LongAdder();
    final LongAdder lateReplies = new LongAdder();
    final LongAdder repeatedCalls = new LongAdder();

    ObjectValue toValue() {
        return ObjectValue.builder()
                .put("commits_adopted", Value.of(adopted.sum()))
                .put("pictures_sent", Value.of(pictures.sum()))
                .put("pictures_resumed", Value.of(resumed.sum()))
                .put("commits_pending_ever", Value.of(pending.sum()))
                .put("failures", Value.of(failures.sum()))
                .put("changes_lost", Value.of(lost.sum()))
                .put("frames_in", Value.of(framesIn.sum()))
                .put("frames_out", Value.of(framesOut.sum()))
                .put("links_ever", Value.of(links.sum()))
                .put("writes_forwarded", Value.of(forwarded.sum()))
                .put("late_answers", Value.of(lateReplies.sum()))
                .put("repeated_calls", Value.of(repeatedCalls.sum()))
                .build();
    }
}
