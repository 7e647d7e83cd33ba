package tega.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertToolTest {
    @TempDir
    private Path folder;

    private final MutableClock clock = new MutableClock();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int cert(String... words) {
        out.reset();
        err.reset();
        var all = new java.util.ArrayList<>(List.of(words));
        all.addAll(List.of("-d", folder.toString()));
        return new CertTool(new PrintStream(out, true, StandardCharsets.UTF_8), clock)
                .run(all, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void certificatesSayWhatTheyAreFor() throws Exception {
        assertThat(cert("server", "tega.example", "192.0.2.7", "2001:db8::7")).isZero();
        assertThat(cert("client", "alice", "--days", "30")).isZero();
        var ca = Pem.certificates(folder.resolve("ca.pem")).get(0);
        var server = Pem.certificates(folder.resolve("server.pem"));
        var client = Pem.certificates(folder.resolve("alice.pem")).get(0);

        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(server).hasSize(2).last().isEqualTo(ca);
        assertThat(server.get(0).getBasicConstraints()).isEqualTo(-1);
        assertThat(server.get(0).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.get(0).getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "tega.example"), List.of(7, "192.0.2.7"), List.of(7, "2001:db8:0:0:0:0:0:7"));
        assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(CertificateName.of(client)).contains("alice");
        assertThat(Duration.between(clock.instant(), client.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(30));
        assertThat(ca.getNotAfter().toInstant())
                .isAfter(server.get(0).getNotAfter().toInstant());

        var parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(java.util.Date.from(clock.instant()));
        for (var leaf : List.of(server.get(0), client)) {
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
        }
    }

    /** After 2049 a certificate tells its years with four digits. */
    @Test
    void longLivesAreWrittenAnotherWay() {
        assertThat(cert("init", "--days", "36500")).isZero();
        assertThat(Pem.certificates(folder.resolve("ca.pem"))
                        .get(0)
                        .getNotAfter()
                        .toInstant())
                .isEqualTo(clock.instant().plus(Duration.ofDays(36500)));
    }

    @Test
    void keysAreTheirOwnersAlone() throws Exception {
        cert("server", "localhost");
        cert("client", "alice");
        for (var key : List.of("ca.key", "server.key", "alice.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(key))))
                    .as(key)
                    .isEqualTo("rw-------");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "ca.pem", "ca.key", "server.pem", "server.key", "alice.pem", "alice.key");
        }
    }

    @Test
    void anAuthorityIsNotReplaced() throws Exception {
        cert("init");
        var before = Files.readString(folder.resolve("ca.key"));
        assertThat(cert("init")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is an authority");
        assertThat(Files.readString(folder.resolve("ca.key"))).isEqualTo(before);
    }

    @Test
    void whatIsShown() {
        cert("server", "tega.example", "192.0.2.7");
        assertThat(cert("show")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(folder.resolve("server.pem").toString())
                .contains("  subject      CN=tega.example\n")
                .contains("  hosts        tega.example 192.0.2.7\n")
                .contains("  valid until  2028-04-05T00:00:00Z (825 days)\n")
                .containsPattern("  serial       [0-9a-f]{20,32}\n");
        clock.pass(Duration.ofDays(826));
        cert("show", folder.resolve("server.pem").toString());
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("(over)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "init now",
                "server",
                "server a_b",
                "server x..",
                "server 1.2.3.4.5",
                "client",
                "client a b",
                "client local",
                "client server",
                "client ../x",
                "init --days 0",
                "init --days x",
                "init --dyas 3",
                "client alice"
            })
    void whatIsNotUnderstoodIsRefused(String line) throws Exception {
        assertThat(cert(line.split(" "))).isPositive();
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("tega: ").hasLineCount(1);
        assertThat(folder.resolve("server.pem")).doesNotExist();
    }

    /** Another implementation's opinion, where there is one. */
    @Test
    void opensslAgrees() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/openssl"))).isTrue();
        var now = new CertTool(new PrintStream(out, true, StandardCharsets.UTF_8), java.time.InstantSource.system());
        for (var line : List.of("server localhost 127.0.0.1", "client alice")) {
            var words = new java.util.ArrayList<>(List.of(line.split(" ")));
            words.addAll(List.of("-d", folder.toString()));
            assertThat(now.run(words, new PrintStream(err, true, StandardCharsets.UTF_8)))
                    .isZero();
        }
        for (var purpose : List.of("sslserver server.pem", "sslclient alice.pem")) {
            var words = purpose.split(" ");
            var process = new ProcessBuilder(
                            "/usr/bin/openssl",
                            "verify",
                            "-x509_strict",
                            "-purpose",
                            words[0],
                            "-CAfile",
                            "ca.pem",
                            words[1])
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said).isEqualTo(words[1] + ": OK\n");
        }
    }
}
