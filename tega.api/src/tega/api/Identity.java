package tega.api;

import java.util.Objects;

/**
 * Who acts: {@code author} is the authenticated identity and is written into every commit; {@code tegaId} is the name the
 * client goes by, under which it owns ephemeral nodes and RPC paths.
 */
public record Identity(String author, String tegaId) {
    /** Where nobody said who they are. */
    public static final Identity ANONYMOUS = new Identity("anonymous", "anonymous");

    /** Neither is null. */
    public Identity {
        Objects.requireNonNull(author);
        Objects.requireNonNull(tegaId);
    }
}
