package tega.api.spi;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/** What somebody shows to be let in. */
public sealed interface Credentials {
    /** Where they come from, for the audit log: an address, a terminal, a bundle. */
    String from();

    /** A token of tega's own. */
    record Bearer(String token, String from) implements Credentials {
        /** Neither is null. */
        public Bearer {
            Objects.requireNonNull(token);
            Objects.requireNonNull(from);
        }

        /** Does not tell the token. */
        @Override
        public String toString() {
            return "Bearer[from=" + from + "]";
        }
    }

    /** A client certificate and what signed it, as TLS has verified them against the authorities it was given. */
    record Certificate(List<X509Certificate> chain, String from) implements Credentials {
        /** The list is copied. */
        public Certificate {
            chain = List.copyOf(chain);
        }
    }

    /** Nothing, over the network, from this very machine. */
    record Loopback(String from) implements Credentials {}

    /** Nothing, over the network, from anywhere else. */
    record Remote(String from) implements Credentials {}

    /** Sits at the terminal of the server's own process, as this user of the operating system. */
    record Console(String user) implements Credentials {
        @Override
        public String from() {
            return "console";
        }
    }

    /** Runs in the server's own process: a bundle, by its symbolic name. */
    record Plugin(String bundle) implements Credentials {
        @Override
        public String from() {
            return bundle;
        }
    }

    /**
     * What a request shows: the {@code Authorization} header if it has one ({@code Bearer}, RFC 6750; or {@code Basic}, RFC
     * 7617, with the token for a password), else its client certificate, else nothing. {@code forwarded} tells that a proxy
     * passed it on, so that it is not from the peer's machine. {@code UNAUTHENTICATED} when the header is neither of the two.
     */
    static Credentials of(
            @Nullable String authorization, List<X509Certificate> chain, InetAddress peer, boolean forwarded) {
        var from = peer.getHostAddress();
        if (authorization != null) {
            return new Bearer(token(authorization), from);
        }
        if (!chain.isEmpty()) {
            return new Certificate(chain, from);
        }
        return peer.isLoopbackAddress() && !forwarded ? new Loopback(from) : new Remote(from);
    }

    private static String token(String authorization) {
        var blank = authorization.indexOf(' ');
        var scheme = blank < 0 ? authorization : authorization.substring(0, blank);
        var rest = blank < 0 ? "" : authorization.substring(blank + 1).strip();
        if (scheme.equalsIgnoreCase("Bearer")) {
            return rest;
        }
        if (scheme.equalsIgnoreCase("Basic")) {
            try {
                var pair = new String(Base64.getDecoder().decode(rest), StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                throw new TegaException.Unauthenticated("the Authorization header is not valid Basic (RFC 7617)");
            }
        }
        throw new TegaException.Unauthenticated(
                "the Authorization header must be 'Bearer TOKEN', or Basic with the token for a password");
    }
}
