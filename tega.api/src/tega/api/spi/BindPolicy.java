package tega.api.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Whether a server may listen. From this machine alone anybody may come; from elsewhere only over TLS and with credentials,
 * unless the person who starts it says {@code --insecure}.
 *
 * @param bind the address or name to listen on
 * @param tls whether it is served over TLS
 * @param credentials whether anybody could prove who they are: there is a token, or an authority for client certificates
 * @param insecure whether it was asked for all the same
 */
public record BindPolicy(String bind, boolean tls, boolean credentials, boolean insecure) {
    /** Why it may not, with what to do about it, in one line; empty when it may. */
    public Optional<String> refusal() {
        if (insecure || isLoopback() || (tls && credentials)) {
            return Optional.empty();
        }
        var missing = tls ? "credentials" : credentials ? "TLS" : "TLS and credentials";
        var mend = tls
                ? "'./tega token create NAME --admin' makes a token"
                : "'./tega cert server " + bind + "' makes the files and --tls names them";
        return Optional.of("listening on " + bind + " without " + missing + " is refused: " + mend
                + "; or bind 127.0.0.1, or accept it with --insecure");
    }

    /** Whether what would be served so should be mentioned in the log. */
    public boolean isRisk() {
        return insecure && !isLoopback() && !(tls && credentials);
    }

    private boolean isLoopback() {
        try {
            // an empty name would be taken for the loopback address here, and for all addresses elsewhere
            return !bind.isEmpty() && InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
