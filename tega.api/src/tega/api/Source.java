package tega.api;

import java.util.Objects;

/**
 * A place in a stream of commits that another server makes, written into the commit that takes them over, so that how far a
 * stream was taken over is durable together with what was taken over.
 *
 * @param stream which stream: what it is, a slash, and the id of the server that makes it
 * @param revision the place
 * @param mark a short digest of what is at that place; two histories that have the same revision differ in it
 */
public record Source(String stream, long revision, String mark) {
    /** Neither stream nor mark is null. */
    public Source {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(mark);
    }

    /** Nothing of {@code stream} yet. */
    public static Source none(String stream) {
        return new Source(stream, 0, "");
    }
}
