package tega.access;

import java.util.Set;
import java.util.regex.Pattern;
import tega.api.Identity;
import tega.api.TegaException;

/**
 * Whose grant something is. People and programs have plain names, which tokens and certificates prove; those who need prove
 * nothing have names that no token and no certificate can be made for.
 */
final class Name {
    /** Whoever connects from this machine and shows nothing. */
    static final String LOCAL = "local";

    /** Whoever connects from elsewhere and shows nothing. */
    static final String ANONYMOUS = Identity.ANONYMOUS.author();

    /** The author of what the server does by itself. */
    static final String SERVER = "tega";

    /** Everybody with a plain name. */
    static final String EVERYBODY = "*";

    private static final Set<String> RESERVED = Set.of(LOCAL, ANONYMOUS, SERVER);
    private static final String CONSOLE = "console:";
    private static final String PLUGIN = "plugin:";
    /** As long as a common name may be (RFC 5280, appendix A). */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

    private static final Pattern GROUP = Pattern.compile("@[A-Za-z0-9._-]{1,64}");
    private static final Pattern BUNDLE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private Name() {}

    static String console(String user) {
        return CONSOLE + user;
    }

    static String plugin(String bundle) {
        return PLUGIN + bundle;
    }

    /** Whether it is somebody at the server's own terminal, who owns the process and all its files anyway. */
    static boolean isConsole(String name) {
        return name.startsWith(CONSOLE);
    }

    /** Whether it may do everything, whatever the grants; no token and no certificate can be for it. */
    static boolean isMaster(String name) {
        return isConsole(name) || name.equals(SERVER);
    }

    static boolean isPlugin(String name) {
        return name.startsWith(PLUGIN);
    }

    /** Whether tokens and certificates can be for it. */
    static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches() && !RESERVED.contains(name);
    }

    /** The name of a person or program; {@code INVALID} when it is none. */
    static String plain(String name) {
        if (!isPlain(name)) {
            throw new TegaException.Invalid("'" + name
                    + "' is no name for a person or a program: up to 64 letters, digits"
                    + " and ._@+- that begin with a letter or digit; not local, anonymous or tega");
        }
        return name;
    }

    static String group(String name) {
        if (!GROUP.matcher(name).matches()) {
            throw new TegaException.Invalid(
                    "'" + name + "' is no name for a group: '@', then up to 64 letters, digits and ._-");
        }
        return name;
    }

    /** Somebody, a group not included; {@code INVALID} when it is none. */
    static String single(String name) {
        if (name.equals(LOCAL) || name.equals(ANONYMOUS)) {
            return name;
        }
        if (isPlugin(name) && BUNDLE.matcher(name.substring(PLUGIN.length())).matches()) {
            return name;
        }
        return plain(name);
    }

    /** Whoever can be given something; {@code INVALID} when it is none. */
    static String any(String name) {
        return name.equals(EVERYBODY) ? name : name.startsWith("@") ? group(name) : single(name);
    }
}
