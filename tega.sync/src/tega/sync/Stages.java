package tega.sync;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Stages whose end is heard of, where what follows is nobody's to wait for. */
final class Stages {
    private Stages() {}

    /** Does {@code action} when {@code stage} ends. */
    static <T> void then(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> action) {
        stage.whenComplete(action);
    }
}
