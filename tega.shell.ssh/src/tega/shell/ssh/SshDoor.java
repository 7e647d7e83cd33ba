package tega.shell.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.spi.Shells;

/**
 * The shell by SSH: public keys and nothing else, listed in a file as OpenSSH has it; the remark of a key, which follows it on its
 * line, is the name of who comes with it. No forwarding, no files, no agent.
 */
final class SshDoor implements AutoCloseable {
    private static final AttributeKey<String> NAME = new AttributeKey<>();

    private final AtomicLong visits = new AtomicLong();
    private final SshServer server;
    private final Path keys;

    /**
     * @param bind the address to listen on
     * @param port 0 for any that is free
     * @param folder holds {@code authorized_keys}, and {@code host_key}, which is made when it is missing
     * @param shells what everybody gets
     */
    SshDoor(String bind, int port, Path folder, Shells shells) {
        keys = folder.resolve("authorized_keys");
        server = SshServer.setUpDefaultServer();
        server.setHost(bind);
        server.setPort(port);
        var host = new SimpleGeneratorHostKeyProvider(folder.resolve("host_key"));
        host.setAlgorithm("EC");
        host.setKeySize(256);
        server.setKeyPairProvider(host);
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator((user, key, session) -> admit(key, session));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setShellFactory(channel -> new SshSession(shells, this::identity, null));
        server.setCommandFactory((channel, line) -> new SshSession(shells, this::identity, line));
    }

    /** Listens; {@code UNAVAILABLE} with what to do when that cannot be. */
    void start() {
        if (!Files.isReadable(keys)) {
            throw new TegaException.Unavailable(
                    "--ssh lets in whose public key is in " + keys
                            + ", and there is no such file: put the line of your ~/.ssh/id_ed25519.pub into it and start again");
        }
        try {
            server.start();
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot listen for SSH on " + server.getHost() + " port " + server.getPort() + " (" + e.getMessage()
                            + "): choose another port with --ssh, or stop who has it",
                    e);
        }
    }

    /** The port it listens on. */
    int port() {
        return server.getPort();
    }

    /** How many are connected now. */
    int sessions() {
        return server.getActiveSessions().size();
    }

    /** The file is read each time: who was taken out of it is not let in again. */
    private boolean admit(PublicKey key, ServerSession session) {
        var name = name(key, session);
        name.ifPresent(known -> session.setAttribute(NAME, known));
        return name.isPresent();
    }

    private Optional<String> name(PublicKey key, ServerSession session) {
        try {
            for (var entry : AuthorizedKeyEntry.readAuthorizedKeys(keys)) {
                var known = entry.resolvePublicKey(session, PublicKeyEntryResolver.IGNORING);
                if (known != null && KeyUtils.compareKeys(key, known)) {
                    return Optional.of(name(entry.getComment(), key));
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            System.getLogger("tega.shell.ssh")
                    .log(System.Logger.Level.WARNING, keys + " cannot be read, so nobody is let in: " + e);
        }
        return Optional.empty();
    }

    /** The remark of a key, or its fingerprint; never a name that tega gives by itself, which all have a colon. */
    static String name(@Nullable String remark, PublicKey key) {
        var name = remark == null ? "" : remark.strip().replaceAll("[\\s\\p{Cntrl}:]+", "-");
        var own = name.equals("local") || name.equals("anonymous") || name.startsWith("@") || name.equals("*");
        return name.isEmpty() || own ? "ssh-" + KeyUtils.getFingerPrint(key).replace(':', '-') : name;
    }

    /** Who a session is: several of one key are one author, each with a {@code tega_id} of its own. */
    private Identity identity(ServerSession session) {
        var name = session.getAttribute(NAME);
        if (name == null) {
            throw new TegaException.Unauthenticated("nobody was let in");
        }
        return new Identity(name, "ssh-" + name + "-" + visits.incrementAndGet());
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            // it listens no longer either way
        }
    }
}
