package tega.api.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Path;

/** Who may come in and do what, for those who tend it: the shell and REST. */
@ProviderType
public interface Access {
    /**
     * The same on behalf of {@code by}, who is written down as the one who did it. Every method but {@link
     * Administration#standing} is {@code FORBIDDEN} unless {@code by} may {@code ADMIN} the whole database.
     */
    Administration as(Identity by);

    /** Whether anybody could prove who they are now: there is a valid token. */
    boolean hasTokens();

    /**
     * Somebody and what they may do.
     *
     * @param identity who
     * @param everything whether they may do everything, whatever the grants
     * @param grants their own, those of their groups and of {@code *} included
     */
    record Standing(Identity identity, boolean everything, List<Grant> grants) {
        /** The list is copied. */
        public Standing {
            grants = List.copyOf(grants);
        }
    }

    /** What one administrator may ask for and change. A change is durable when its method returns, and in the audit log. */
    @ProviderType
    interface Administration {
        /** A new token and its text, which cannot be had again. */
        record Issued(Token token, String text) {
            /** Does not tell the text. */
            @Override
            public String toString() {
                return "Issued[" + token + "]";
            }
        }

        /** Who the caller is and what they may do; anybody may ask. */
        Standing standing();

        /** All tokens, valid or not, in the order in which they were made. */
        List<Token> tokens();

        /**
         * Makes a token for {@code name}, valid for {@code lifetime} or, when that is null, until it is revoked. Several may be
         * for one name. {@code INVALID} when it is no name for a person or a program.
         */
        Issued issue(String name, @Nullable Duration lifetime);

        /** Makes the token worthless; {@code NOT_FOUND} when there is none of this id. */
        Token revoke(String id);

        /** All grants, in the order in which they were given. */
        List<Grant> grants();

        /** Adds a grant; nothing happens when it is there. */
        void grant(Grant grant);

        /** Takes back a grant as it was given; {@code NOT_FOUND} when there is none like it. */
        void withdraw(Grant grant);

        /** The groups, and the names in each. */
        Map<String, Set<String>> groups();

        /** Puts {@code name} into {@code group}, which begins with {@code @}. */
        void join(String group, String name);

        /** Takes {@code name} out of {@code group}; {@code NOT_FOUND} when it is not in it. */
        void leave(String group, String name);

        /** Refuses the client certificate with this serial number (hexadecimal) from now on. */
        void block(String serial);

        /** The serial numbers that are refused. */
        Set<String> blocked();

        /** Whether {@code name} may do {@code action} at {@code path} and below, and in a sentence why or why not. */
        String explain(String name, Action action, Path path);

        /** The newest administrative acts in the audit log, oldest first, at most {@code limit}; each a line of JSON. */
        List<String> acts(int limit);

        /** The newest refusals in the audit log, oldest first, at most {@code limit}; each a line of JSON. */
        List<String> refusals(int limit);
    }
}
