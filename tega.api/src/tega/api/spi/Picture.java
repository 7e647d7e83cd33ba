package tega.api.spi;

import java.util.Iterator;
import tega.api.Value;

/**
 * All durable state at one revision, as a stream of chunks that only the sink understands. Chunks are made lazily and are of
 * moderate size, so that writing a picture needs little memory.
 */
public interface Picture {
    /** The revision it is of. */
    long revision();

    /** The chunks from the first; each call begins anew. */
    Iterator<Value> chunks();
}
