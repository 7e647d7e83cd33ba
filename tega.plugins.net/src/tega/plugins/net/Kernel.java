package tega.plugins.net;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The machine's network. For one thread at a time. */
public interface Kernel {
    /**
     * What is there, as far as it is the realm's or {@code want} builds upon it.
     *
     * @param claims interfaces that are ours although they may not be marked: {@code space/name}
     */
    Network read(Network want, Set<String> claims) throws IOException;

    /** Goes these steps in order and stops at the first that fails. */
    void run(List<Op> ops) throws IOException;
}
