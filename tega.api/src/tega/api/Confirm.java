package tega.api;

import java.time.Duration;
import java.util.List;

/**
 * The promise of a confirmed commit: it is undone unless confirmed within {@code window}. {@code automatic} confirms it when
 * the server has reached its global server again. {@code undo} restores what its edits replaced; it is in the log before the
 * change is visible, so that a power cut inside the window cannot make the change permanent.
 */
public record Confirm(Duration window, boolean automatic, List<Edit> undo) {
    /** The list is copied. */
    public Confirm {
        undo = List.copyOf(undo);
    }
}
