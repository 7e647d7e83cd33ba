package tega.store;

import java.util.Optional;
import tega.api.ObjectValue;
import tega.api.Value;
import tega.api.spi.Inspectable;

/** How the database is: the subject {@code store} of diagnosis. */
record StoreFigures(Store store) implements Inspectable {
    @Override
    public String subject() {
        return "store";
    }

    @Override
    public Optional<String> trouble() {
        return store.isClosed() ? Optional.of("the database is closed") : Optional.empty();
    }

    @Override
    public ObjectValue figures() {
        var state = store.state();
        var committer = store.committer();
        return ObjectValue.builder()
                .put("revision", Value.of(state.revision()))
                .put("oldest_revision", Value.of(store.isClosed() ? state.revision() : store.oldest()))
                .put("roots", Value.of(state.visible().tree().top().size()))
                .put("commits", Value.of(committer.commits.sum()))
                .put("batches", Value.of(committer.batches.sum()))
                .put("conflicts", Value.of(committer.conflicts.sum()))
                .put("vetoes", Value.of(committer.vetoes.sum()))
                .put("queue", Value.of(committer.waiting()))
                .put("pending", Value.of(state.pending().size()))
                .put("drafts", Value.of(store.drafts().size()))
                .put("sessions", Value.of(store.sessions().size()))
                .put("ephemeral", Value.of(state.leases().size()))
                .build();
    }
}
