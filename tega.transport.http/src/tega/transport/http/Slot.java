package tega.transport.http;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/** Where another part of the server is, as long as it is there. */
public final class Slot<T> {
    private final String bundle;
    private final AtomicReference<@Nullable T> part = new AtomicReference<>();

    Slot(String bundle) {
        this.bundle = bundle;
    }

    /** Puts {@code newer} in, in place of what was there. */
    public void fill(T newer) {
        part.set(newer);
    }

    /** Takes {@code older} out, unless something newer is there by now. */
    public void empty(T older) {
        part.compareAndSet(older, null);
    }

    boolean isFilled() {
        return part.get() != null;
    }

    T get() {
        var present = part.get();
        if (present == null) {
            throw new TegaException.Unavailable(
                    bundle + " is not running; if it is being exchanged, try again in a second");
        }
        return present;
    }
}
