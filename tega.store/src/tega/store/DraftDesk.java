package tega.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tega.api.Identity;
import tega.api.TegaException;

/** The open drafts of everybody. Each is private to its owner; those idle for too long are dropped. */
final class DraftDesk {
    private static final int MOST = 1000;

    private final Store store;
    private final RandomGenerator random;
    private final Map<String, StoreDraft> drafts = new LinkedHashMap<>();

    DraftDesk(Store store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    long nanos() {
        return store.scheduler().nanos();
    }

    synchronized StoreDraft begin(Identity owner, StoreTransaction transaction) {
        if (drafts.size() >= MOST) {
            throw new TegaException.LimitExceeded(
                    "there are " + MOST + " open drafts, the most there can be; commit or cancel some");
        }
        // Version 4 of RFC 9562, by the store's own source of chance.
        var id = new UUID(
                        (random.nextLong() & ~0xf000L) | 0x4000L,
                        (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | Long.MIN_VALUE)
                .toString();
        var draft = new StoreDraft(this, id, owner, transaction, nanos());
        drafts.put(id, draft);
        check(draft, store.options().draftIdle());
        return draft;
    }

    private void check(StoreDraft draft, Duration delay) {
        var scheduler = store.scheduler();
        scheduler.after(delay, () -> scheduler.background().execute(() -> expire(draft)));
    }

    private void expire(StoreDraft draft) {
        var left = store.options().draftIdle().minusNanos(nanos() - draft.used());
        if (left.isNegative() || left.isZero()) {
            draft.close();
        } else if (isOpen(draft)) {
            check(draft, left);
        }
    }

    private synchronized boolean isOpen(StoreDraft draft) {
        return drafts.containsKey(draft.id());
    }

    StoreDraft get(Identity owner, String id) {
        StoreDraft draft;
        synchronized (this) {
            draft = drafts.get(id);
        }
        if (draft == null || !draft.owner().equals(owner)) {
            throw new TegaException.NotFound("there is no draft '" + id + "'; it has ended or expired");
        }
        draft.touch();
        return draft;
    }

    synchronized List<String> ids(Identity owner) {
        return drafts.values().stream()
                .filter(draft -> draft.owner().equals(owner))
                .map(StoreDraft::id)
                .toList();
    }

    synchronized int size() {
        return drafts.size();
    }

    synchronized void forget(StoreDraft draft) {
        drafts.remove(draft.id());
    }

    void close() {
        List<StoreDraft> open;
        synchronized (this) {
            open = new ArrayList<>(drafts.values());
        }
        open.forEach(StoreDraft::close);
    }
}
