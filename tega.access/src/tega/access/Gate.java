package tega.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.spi.Authenticator;
import tega.api.spi.Credentials;

/** Lets in who proves a name, and who need not. */
final class Gate implements Authenticator {
    private static final int MOST_PROVED = 10_000;

    private final Supplier<Register> register;
    private final AccessOptions options;
    private final InstantSource clock;
    private final AuditLog refusals;
    private final Map<String, String> proved = new ConcurrentHashMap<>();

    Gate(Supplier<Register> register, AccessOptions options, InstantSource clock, AuditLog refusals) {
        this.register = register;
        this.options = options;
        this.clock = clock;
        this.refusals = refusals;
    }

    @Override
    public Identity authenticate(Credentials credentials, @Nullable String tegaId) {
        try {
            if (credentials instanceof Credentials.Bearer bearer) {
                return named(nameOf(bearer.token()), tegaId);
            }
            if (credentials instanceof Credentials.Certificate certificate) {
                return named(nameOf(certificate.chain()), tegaId);
            }
            if (credentials instanceof Credentials.Console console) {
                return named(Name.console(console.user()), tegaId);
            }
            if (credentials instanceof Credentials.Plugin plugin) {
                return new Identity(Name.plugin(plugin.bundle()), tegaId == null ? plugin.bundle() : tegaId);
            }
            return unproved(credentials, tegaId);
        } catch (TegaException.Unauthenticated e) {
            refusals.write("unauthenticated", "from", credentials.from(), "reason", e.getMessage());
            throw e;
        }
    }

    private static Identity named(String author, @Nullable String tegaId) {
        return new Identity(author, tegaId == null ? author : tegaId);
    }

    private Identity unproved(Credentials credentials, @Nullable String tegaId) {
        var here = credentials instanceof Credentials.Loopback;
        if (!(here ? options.loopback() : options.insecure())) {
            throw new TegaException.Unauthenticated(
                    "a token (header 'Authorization: Bearer TOKEN') or a client certificate is needed here");
        }
        return new Identity(here ? Name.LOCAL : Name.ANONYMOUS, tegaId == null ? Identity.ANONYMOUS.tegaId() : tegaId);
    }

    private String nameOf(String text) {
        var shown = TokenText.read(text)
                .orElseThrow(() -> new TegaException.Unauthenticated("what was shown is no token of tega's"));
        var stored = register.get().tokens().get(shown.id());
        if (stored == null || !proves(shown, stored.hash())) {
            throw new TegaException.Unauthenticated("the token is not known here");
        }
        var token = stored.token();
        if (token.revoked() != null) {
            throw new TegaException.Unauthenticated("the token " + token.id() + " was revoked");
        }
        if (!token.isValid(clock.instant())) {
            throw new TegaException.Unauthenticated("the token " + token.id() + " has expired");
        }
        return token.name();
    }

    /** A text that was found to be the right one is known again without hashing it. */
    private boolean proves(TokenText shown, String hash) {
        var known = proved.get(hash);
        if (known != null) {
            return MessageDigest.isEqual(
                    known.getBytes(StandardCharsets.US_ASCII), shown.text().getBytes(StandardCharsets.UTF_8));
        }
        if (!shown.proves(hash)) {
            return false;
        }
        if (proved.size() >= MOST_PROVED) {
            proved.clear();
        }
        proved.put(hash, shown.text());
        return true;
    }

    private String nameOf(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new TegaException.Unauthenticated("no certificate was shown");
        }
        var certificate = chain.get(0);
        var serial = serial(certificate);
        try {
            certificate.checkValidity(Date.from(clock.instant()));
        } catch (CertificateExpiredException e) {
            throw new TegaException.Unauthenticated("the certificate " + serial + " has expired");
        } catch (CertificateNotYetValidException e) {
            throw new TegaException.Unauthenticated("the certificate " + serial + " is not valid yet");
        }
        if (register.get().blocked().contains(serial)) {
            throw new TegaException.Unauthenticated("the certificate " + serial + " is blocked");
        }
        return CertificateName.of(certificate)
                .orElseThrow(() -> new TegaException.Unauthenticated(
                        "the certificate " + serial + " proves no name: neither a URI tega:NAME nor one common name"));
    }

    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16).toLowerCase(Locale.ROOT);
    }
}
