package tega.api.spi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * Where keys and certificates are.
 *
 * @param certificates a PEM file: the own certificate, then those that signed it; or a PKCS#12 keystore with key and
 *     certificates; null: none
 * @param key a PEM file with the unencrypted PKCS#8 key; null for a keystore
 * @param authorities a PEM file with the certificates whose word is taken about the other side; null: for a client those of the
 *     Java in use, for a server none
 * @param password of the keystore, or null
 */
public record TlsFiles(
        @Nullable Path certificates,
        @Nullable Path key,
        @Nullable Path authorities,
        @Nullable String password) {
    /** How the files are named in a folder: by {@code tega cert}, by certbot, and in a Kubernetes secret. */
    private static final List<List<String>> NAMES = List.of(
            List.of("server.pem", "server.key"),
            List.of("fullchain.pem", "privkey.pem"),
            List.of("tls.crt", "tls.key"));

    /** A server's files: those in a folder, with {@code ca.pem} as the authority for clients if it is there; or a keystore. */
    public static TlsFiles at(Path place, @Nullable String password) {
        if (!Files.isDirectory(place)) {
            return new TlsFiles(place, null, null, password);
        }
        for (var names : NAMES) {
            var certificates = place.resolve(names.get(0));
            if (Files.exists(certificates)) {
                var authorities = place.resolve("ca.pem");
                return new TlsFiles(
                        certificates,
                        place.resolve(names.get(1)),
                        Files.exists(authorities) ? authorities : null,
                        password);
            }
        }
        throw new TegaException.Invalid("there is no server.pem in " + place
                + "; './tega cert server NAME' makes one, and fullchain.pem or tls.crt will do too");
    }

    /** Does not tell the password. */
    @Override
    public String toString() {
        return "TlsFiles[" + certificates + ", " + key + ", " + authorities + "]";
    }
}
