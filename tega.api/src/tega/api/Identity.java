package tega.api;

import java.util.Objects;

/**
 * Who acts: {@code author} is the authenticated identity and is written into every commit; {@code tegaId} is the name the
 * client goes by, under which it owns ephemeral nodes and RPC paths.
 */
public record Identity(String author, String tegaId) {
    /** Where nobody said who they are. */
    public static final Identity ANONYMOUS = new Identity("anonymous", "anonymous");

    private static final String CONSOLE = "console:";
    private static final String PLUGIN = "plugin:";

    /** Neither is null. */
    public Identity {
        Objects.requireNonNull(author);
        Objects.requireNonNull(tegaId);
    }

    /** Somebody at the terminal of the server's own process, by the name of the operating system's user. */
    public static Identity console(String user, String tegaId) {
        return new Identity(CONSOLE + user, tegaId);
    }

    /** A bundle in the server, by its symbolic name, which is its {@code tega_id} too. */
    public static Identity plugin(String bundle) {
        return new Identity(PLUGIN + bundle, bundle);
    }

    /** Whether it is a {@link #console}. No token and no certificate is made for such a name. */
    public boolean isConsole() {
        return author.startsWith(CONSOLE);
    }

    /** Whether it is a {@link #plugin}. No token and no certificate is made for such a name. */
    public boolean isPlugin() {
        return author.startsWith(PLUGIN);
    }
}
