package tega.transport.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Requests that change something, or may wait for somebody, and have no answer yet. Each is answered once. */
final class Pending {
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();

    /** A request whose answer {@code sender} sends. */
    Turn begin(Consumer<Answer> sender) {
        var turn = new Turn(sender);
        turns.add(turn);
        return turn;
    }

    /** Gives {@code answer} to all that have waited longer than this. */
    void lookAfter(long now, long longest, Answer answer) {
        for (var turn : turns) {
            if (now - turn.since > longest) {
                turn.answer(answer);
            }
        }
    }

    final class Turn {
        private final Consumer<Answer> sender;
        private final long since = System.nanoTime();
        private final AtomicBoolean answered = new AtomicBoolean();

        private Turn(Consumer<Answer> sender) {
            this.sender = sender;
        }

        /** Sends it unless another was sent. */
        void answer(Answer answer) {
            if (answered.compareAndSet(false, true)) {
                turns.remove(this);
                sender.accept(answer);
            }
        }

        /** Something else answers. */
        void leave() {
            answered.set(true);
            turns.remove(this);
        }
    }
}
