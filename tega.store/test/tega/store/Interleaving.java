package tega.store;

import java.util.List;

/** What a few threads do at once, and what must be true afterwards; made anew for each run. */
public interface Interleaving {
    /** One task for each thread. */
    List<Runnable> threads();

    /** Throws when what they did together is not what it should be. */
    void check();
}
