package tega.sync;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/**
 * What servers of version 1 got wrong, put back between servers that do not: each changes, or drops, the frames by which it would
 * show. The simulation must find every one.
 */
enum OldFault implements Net.Tamper {
    /** A result that counts as false never arrives. */
    FALSY_RESULTS_VANISH {
        @Override
        @Nullable
        Frame pass(SyncNode from, SyncNode to, Frame frame) {
            var value = frame.head().get("value");
            return frame.op().equals("result") && value != null && FALSY.contains(value.toString()) ? null : frame;
        }
    },
    /** The reply to a call from one local server to another ends at the global one. */
    REPLIES_END_ABOVE {
        @Override
        @Nullable
        Frame pass(SyncNode from, SyncNode to, Frame frame) {
            return frame.op().equals("result") && isDown(from, to) ? null : frame;
        }
    },
    /** What was written to an operational tree during an outage is not sent later. */
    NO_BACK_FILL {
        @Override
        Frame pass(SyncNode from, SyncNode to, Frame frame) {
            if (!frame.op().equals("want") || !isDown(from, to)) {
                return frame;
            }
            var last = to.tega().history().log(Path.EMPTY, to.tega().snapshot().revision(), 1);
            return last.isEmpty() ? frame : at(to, frame, last.get(0).revision());
        }
    },
    /** Whoever listens everywhere hears only what is published at the global server. */
    HEARS_ONLY_THE_GLOBAL_SERVER {
        @Override
        @Nullable
        Frame pass(SyncNode from, SyncNode to, Frame frame) {
            return frame.op().equals("message") && !isDown(from, to) ? null : frame;
        }
    },
    /** Equal numbers are taken for equal content. */
    COUNTERS_ARE_CONTENT {
        @Override
        Frame pass(SyncNode from, SyncNode to, Frame frame) {
            return frame.op().equals("want") && frame.number("revision") > 0
                    ? at(to, frame, frame.number("revision"))
                    : frame;
        }
    },
    /** Another fault than those of version 1: nobody is told that ephemeral nodes are gone. */
    EPHEMERAL_NODES_STAY {
        @Override
        @Nullable
        Frame pass(SyncNode from, SyncNode to, Frame frame) {
            return frame.op().equals("commits")
                            && frame.lines().stream()
                                    .anyMatch(line -> line.contains("\"kind\":\"lease\"") && line.endsWith("\"]]]"))
                    ? frame.lines(frame.lines().stream()
                            .map(line ->
                                    line.contains("\"kind\":\"lease\"") ? line.substring(0, line.indexOf('\t')) : line)
                            .toList())
                    : frame;
        }
    };

    private static final Set<String> FALSY = Set.of("0", "\"\"", "false", "null", "[]", "{}");

    @Override
    public @Nullable String pass(Net.Server from, Net.Server to, String text) {
        var sender = from.node();
        var receiver = to.node();
        if (sender == null || receiver == null) {
            return text;
        }
        var passed = pass(sender, receiver, Frame.read(text, Station.JSON));
        return passed == null ? null : passed.toString();
    }

    abstract @Nullable Frame pass(SyncNode from, SyncNode to, Frame frame);

    private static boolean isDown(SyncNode from, SyncNode to) {
        return from.allPeers().stream()
                .anyMatch(peer -> !peer.isUpper() && peer.id().equals(to.id()));
    }

    /** The sender believes that the receiver has its own commits up to {@code revision}. */
    private static Frame at(SyncNode sender, Frame want, long revision) {
        try {
            var commit = sender.tega().history().commit(revision);
            var mark = sender.projection().mark(commit, Set.copyOf(want.texts("roots")));
            return want.with("revision", revision).with("mark", mark).with("empty", Value.of(false));
        } catch (TegaException e) {
            return want;
        }
    }
}
