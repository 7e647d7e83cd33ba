package tega.access;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The own key as TLS asks for it: first for a name, then for what belongs to it. The name is a number that counts the keys, so
 * that a handshake during which the key is exchanged gets certificate and key of one time.
 */
final class FileKeys extends X509ExtendedKeyManager {
    /** Handshakes that are under way still ask for a key or two back. */
    private static final int KEPT = 4;

    private final ConcurrentNavigableMap<Integer, TlsMaterial.Own> keys = new ConcurrentSkipListMap<>();

    /** Uses {@code own} from now on; null: no key. */
    synchronized void use(TlsMaterial.@Nullable Own own) {
        if (own == null) {
            keys.clear();
            return;
        }
        var newest = keys.lastEntry();
        keys.put(newest == null ? 0 : newest.getKey() + 1, own);
        while (keys.size() > KEPT) {
            keys.pollFirstEntry();
        }
    }

    private @Nullable String alias(String... types) {
        var newest = keys.lastEntry();
        if (newest == null) {
            return null;
        }
        var algorithm = newest.getValue().key().getAlgorithm();
        return Arrays.asList(types).contains(algorithm) ? newest.getKey().toString() : null;
    }

    private TlsMaterial.@Nullable Own own(String alias) {
        return keys.get(Integer.valueOf(alias));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(type);
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
        return alias(type);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(types);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
        return alias(types);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var own = own(alias);
        return own == null ? null : own.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var own = own(alias);
        return own == null ? null : own.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return aliases(type);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return aliases(type);
    }

    private String @Nullable [] aliases(String type) {
        var alias = alias(type);
        return alias == null ? null : new String[] {alias};
    }
}
