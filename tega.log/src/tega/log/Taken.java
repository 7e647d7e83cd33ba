package tega.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tega.api.spi.CommitCodec;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;

/**
 * What of a batch goes in, and why the rest does not.
 *
 * @param count so many proposals from the first are taken
 * @param kept so many of them leave a trace on disk
 * @param payload the bytes of those
 * @param reserve up to which revision commits may be without a trace, once the batch is durable
 * @param refused receipts of the rest
 */
record Taken(int count, int kept, long payload, long reserve, List<Receipt> refused) {
    /** So many revisions are reserved at once for commits that leave no trace. */
    private static final int RESERVED = 1024;

    /** Puts frames for {@code batch}, whose first revision must be {@code first}, into {@code frames}, which is emptied before. */
    static Taken collect(List<Proposal> batch, long first, Tail open, CommitCodec commits, FrameBuffer frames) {
        frames.clear();
        var next = first;
        var reserve = open.reserved();
        var payload = 0L;
        var kept = 0;
        var count = 0;
        for (var proposal : batch) {
            var commit = proposal.commit();
            if (commit.revision() != next) {
                return new Taken(
                        count,
                        kept,
                        payload,
                        reserve,
                        refuse(
                                batch,
                                count,
                                "revision " + commit.revision() + " was proposed where " + next + " is next"));
            }
            if (!proposal.durable() || commit.ephemeral()) {
                if (next > reserve) {
                    reserve = next + RESERVED - 1;
                    frames.add(Frame.RESERVE, open.batch() + 1, reserve, new byte[0]);
                }
            } else {
                var bytes = commits.encode(commit);
                if (bytes.length > Frame.MAX_PAYLOAD) {
                    var refused = refuse(batch, count, "the commit before it in the batch was too large");
                    refused.set(0, new Receipt.TooLarge(bytes.length, Frame.MAX_PAYLOAD));
                    return new Taken(count, kept, payload, reserve, refused);
                }
                frames.add(Frame.COMMIT, open.batch() + 1, next, bytes);
                payload += bytes.length;
                kept++;
            }
            next++;
            count++;
        }
        return new Taken(count, kept, payload, reserve, List.of());
    }

    /** Receipts that refuse the proposals from {@code from} on; the list can be changed. */
    static List<Receipt> refuse(List<Proposal> batch, int from, String reason) {
        return new ArrayList<>(Collections.nCopies(batch.size() - from, new Receipt.Refused(reason)));
    }
}
