package tega.plugins.net;

import java.util.SortedMap;
import java.util.TreeMap;
import tega.api.TegaException;

/**
 * What is ours on a machine that others use too: namespaces by the beginning of their name, interfaces by their alias, routes
 * by {@link Route#PROTOCOL}, addresses on interfaces of others by their label, tables by their name.
 *
 * @param owner whose it is: lower-case letters, digits and {@code -}
 */
public record Realm(String owner) {
    private static final String ALIAS = "tega:";

    /** {@code INVALID} when the owner has other characters, or more than 20. */
    public Realm {
        if (!owner.matches("[a-z0-9][a-z0-9-]{0,19}")) {
            throw new TegaException.Invalid(
                    "'" + owner + "' is no name for a network: up to 20 lower-case letters, digits and '-'");
        }
    }

    /** A namespace of ours. */
    public String space(String name) {
        return owner + "--" + name;
    }

    boolean ownsSpace(String name) {
        return name.startsWith(owner + "--");
    }

    String table() {
        return "tega_" + owner.replace('-', '_');
    }

    /** The alias of a link of ours: it keeps what the kernel does not tell about it. */
    String alias(Link link) {
        var text = new StringBuilder(ALIAS).append(owner).append(':');
        link.fixed()
                .forEach((word, value) ->
                        text.append(word).append('=').append(value).append(','));
        return text.toString();
    }

    boolean ownsAlias(String alias) {
        return alias.startsWith(ALIAS + owner + ":");
    }

    SortedMap<String, String> fixed(String alias) {
        var fixed = new TreeMap<String, String>();
        if (ownsAlias(alias)) {
            for (var pair : alias.substring(ALIAS.length() + owner.length() + 1).split(",")) {
                var is = pair.indexOf('=');
                if (is > 0) {
                    fixed.put(pair.substring(0, is), pair.substring(is + 1));
                }
            }
        }
        return fixed;
    }

    /** The label of an address of ours on an interface of others. */
    static String label(String dev) {
        if (dev.length() > 10) {
            throw new TegaException.Conflict(
                    null, "the name of '" + dev + "' is too long for the mark that an address of ours on it carries");
        }
        return dev + ":tega";
    }

    static boolean isLabel(String label) {
        return label.endsWith(":tega");
    }
}
