package tega.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.TegaException;
import tega.api.spi.Credentials;
import tega.api.spi.TlsContexts;
import tega.api.spi.TlsContexts.Tls;
import tega.api.spi.TlsFiles;

/** Real handshakes over the loopback, with the very files that {@code tega cert} makes. */
class TlsTest {
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    private Path folder;

    private final TlsContexts contexts = new FileTls();
    private CertificateFolder certificates;

    @BeforeEach
    void make() throws Exception {
        certificates = folder("one");
    }

    private CertificateFolder folder(String name) throws Exception {
        var made = new CertificateFolder(folder.resolve(name), InstantSource.system(), new SecureRandom());
        made.init(YEAR);
        made.server(List.of("localhost", "127.0.0.1"), YEAR);
        made.client("alice", YEAR);
        return made;
    }

    private static TlsFiles server(CertificateFolder of) {
        return TlsFiles.at(of.file("ca.pem").getParent(), null);
    }

    private static TlsFiles client(CertificateFolder of, String name) {
        return new TlsFiles(of.file(name + ".pem"), of.file(name + ".key"), of.file("ca.pem"), null);
    }

    private static TlsFiles trusting(CertificateFolder of) {
        return new TlsFiles(null, null, of.file("ca.pem"), null);
    }

    /** What each side saw of the other: certificates of the server, then of the client. */
    private record Seen(X509Certificate server, List<X509Certificate> client) {}

    private static Seen handshake(Tls server, Tls client) throws Exception {
        return handshake(server, client, "localhost");
    }

    private static SSLServerSocket listen(Tls server) throws IOException {
        var listening = (SSLServerSocket)
                server.context().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listening.setWantClientAuth(true);
        listening.setSoTimeout(60_000);
        return listening;
    }

    /** Why the server refused; what the client learns of it depends on who is quicker. */
    private static Throwable refusal(Tls server, Tls client) throws IOException {
        try (var listening = listen(server)) {
            var accepted = CompletableFuture.supplyAsync(() -> serve(listening));
            assertThatThrownBy(() -> connect(client, "localhost", listening)).isInstanceOf(IOException.class);
            return catchThrowable(() -> accepted.get(60, TimeUnit.SECONDS));
        }
    }

    private static Seen handshake(Tls server, Tls client, String host) throws Exception {
        try (var listening = listen(server)) {
            var accepted = CompletableFuture.supplyAsync(() -> serve(listening));
            var shown = connect(client, host, listening);
            return new Seen(shown, accepted.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static X509Certificate connect(Tls client, String host, SSLServerSocket listening) throws IOException {
        var sockets = client.context().getSocketFactory();
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
                var socket = (SSLSocket) sockets.createSocket(plain, host, listening.getLocalPort(), true)) {
            socket.setSoTimeout(60_000);
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getInputStream().read()).isEqualTo('!');
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static List<X509Certificate> serve(SSLServerSocket listening) {
        try (var socket = (SSLSocket) listening.accept()) {
            socket.setSoTimeout(60_000);
            socket.startHandshake();
            socket.getOutputStream().write('!');
            var chain = new ArrayList<X509Certificate>();
            try {
                for (var certificate : socket.getSession().getPeerCertificates()) {
                    chain.add((X509Certificate) certificate);
                }
            } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
                return List.of(); // the client showed none
            }
            return chain;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void clientCertificateProvesItsName() throws Exception {
        var seen = handshake(contexts.open(server(certificates)), contexts.open(client(certificates, "alice")));
        assertThat(seen.server())
                .isEqualTo(Pem.certificates(certificates.file("server.pem")).get(0));
        try (var access = AccessControl.open(
                folder.resolve("access"), AccessOptions.DEFAULT, InstantSource.system(), new SecureRandom())) {
            var shown = new Credentials.Certificate(seen.client(), "127.0.0.1");
            assertThat(access.authenticator().authenticate(shown, null).author())
                    .isEqualTo("alice");
            var root = access.authenticator().authenticate(new Credentials.Console("root"), null);
            access.as(root).block(Gate.serial(seen.client().get(0)));
            assertThatThrownBy(() -> access.authenticator().authenticate(shown, null))
                    .isInstanceOf(TegaException.Unauthenticated.class)
                    .hasMessageContaining("is blocked");
        }
    }

    @Test
    void nobodyNeedsACertificateToConnect() throws Exception {
        var seen = handshake(contexts.open(server(certificates)), contexts.open(trusting(certificates)));
        assertThat(seen.client()).isEmpty();
    }

    @Test
    void serversOfAnotherNameOrAuthorityAreRefused() throws Exception {
        var server = contexts.open(server(certificates));
        var other = folder("other");
        assertThatThrownBy(() -> handshake(server, contexts.open(trusting(other))))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> handshake(server, contexts.open(trusting(certificates)), "tega.example"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("tega.example");
        assertThatThrownBy(() -> handshake(server, contexts.open(new TlsFiles(null, null, null, null))))
                .as("the authorities of this Java do not know it")
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("PKIX path");
    }

    /** A server's certificate is not one for clients, and one that no authority of ours has signed is none. */
    @Test
    void otherCertificatesAreNoCredentials() throws Exception {
        var server = contexts.open(server(certificates));
        var other = folder("other");
        assertThat(refusal(server, contexts.open(client(certificates, "server"))))
                .hasStackTraceContaining("Extended key usage does not permit use for TLS client authentication");
        var strange = new TlsFiles(other.file("alice.pem"), other.file("alice.key"), certificates.file("ca.pem"), null);
        assertThat(refusal(server, contexts.open(strange))).hasStackTraceContaining("PKIX path");
    }

    /** Not even those of the public web, when the server was given no authority but asks for certificates all the same. */
    @Test
    void withoutAnAuthorityNoClientIsBelieved() throws Exception {
        var files = server(certificates);
        var alone = contexts.open(new TlsFiles(files.certificates(), files.key(), null, null));
        assertThat(refusal(alone, contexts.open(client(certificates, "alice"))))
                .hasStackTraceContaining("no authority for client certificates is named");
    }

    @Test
    void filesAreExchangedWhileInUse() throws Exception {
        var server = contexts.open(server(certificates));
        var client = contexts.open(trusting(certificates));
        var before = handshake(server, client).server();
        assertThat(server.refresh()).isFalse();

        certificates.server(List.of("localhost"), YEAR);
        assertThat(handshake(server, client).server()).as("not yet looked").isEqualTo(before);
        assertThat(server.refresh()).isTrue();
        assertThat(server.refresh()).isFalse();
        assertThat(handshake(server, contexts.open(trusting(certificates))).server())
                .isNotEqualTo(before)
                .isEqualTo(Pem.certificates(certificates.file("server.pem")).get(0));
    }

    @Test
    void brokenFilesLeaveWhatIsInUse() throws Exception {
        var server = contexts.open(server(certificates));
        var client = contexts.open(trusting(certificates));
        var before = handshake(server, client).server();
        var other = folder("other");
        Files.copy(
                other.file("server.pem"),
                certificates.file("server.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(
                certificates.file("server.pem"), FileTime.from(Instant.now().plusSeconds(5)));
        assertThatThrownBy(server::refresh)
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("is not that of the certificate");
        assertThat(handshake(server, contexts.open(trusting(certificates))).server())
                .isEqualTo(before);
        Files.delete(certificates.file("server.pem"));
        assertThatThrownBy(server::refresh)
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining(certificates.file("server.pem").toString());
    }

    @Test
    void keystoresWillDoToo() throws Exception {
        var chain = Pem.certificates(certificates.file("server.pem")).toArray(new Certificate[0]);
        var keystore = KeyStore.getInstance("PKCS12");
        keystore.load(null, null);
        keystore.setKeyEntry("tega", Pem.key(certificates.file("server.key"), "EC"), "changeit".toCharArray(), chain);
        var file = folder.resolve("server.p12");
        try (var out = Files.newOutputStream(file)) {
            keystore.store(out, "changeit".toCharArray());
        }
        var server = contexts.open(TlsFiles.at(file, "changeit"));
        assertThat(handshake(server, contexts.open(trusting(certificates))).server())
                .isEqualTo(chain[0]);
        assertThatThrownBy(() -> contexts.open(TlsFiles.at(file, "wrong")))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void whatCannotBeUsedIsNamed() throws Exception {
        assertThatThrownBy(() -> TlsFiles.at(folder, null))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("tega cert server");
        var key = certificates.file("server.key");
        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertThatThrownBy(() -> contexts.open(server(certificates)))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("openssl pkcs8");
        Files.writeString(key, "nothing");
        assertThatThrownBy(() -> contexts.open(server(certificates)))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("no key in " + key);
    }

    @Test
    void foundWithoutOsgi() {
        assertThat(Arrays.asList(ServiceLoader.load(TlsContexts.class).stream()
                        .map(ServiceLoader.Provider::type)
                        .toArray()))
                .containsExactly(FileTls.class);
    }
}
