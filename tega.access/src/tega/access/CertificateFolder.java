package tega.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import tega.api.TegaException;

/**
 * A folder with a private authority and what it has signed: {@code ca.pem}, {@code ca.key}; {@code server.pem} and {@code
 * server.key} as a server reads them; for each client {@code NAME.pem} and {@code NAME.key}. Keys are their owner's alone.
 */
final class CertificateFolder {
    /** The clocks of small devices may be late. */
    private static final Duration EARLIER = Duration.ofDays(1);

    /** RFC 5280, appendix A. */
    private static final int LONGEST_COMMON_NAME = 64;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9*]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private final Path folder;
    private final InstantSource clock;
    private final SecureRandom random;

    CertificateFolder(Path folder, InstantSource clock, SecureRandom random) {
        this.folder = folder;
        this.clock = clock;
        this.random = random;
    }

    boolean hasAuthority() {
        return Files.exists(file("ca.key"));
    }

    /** Makes the authority; {@code CONFLICT} when there is one. */
    X509Certificate init(Duration lifetime) throws IOException, GeneralSecurityException {
        if (hasAuthority()) {
            throw new TegaException.Conflict(
                    null,
                    "there is an authority in " + folder
                            + " already; what it has signed would be worth nothing with another");
        }
        PrivateFile.folder(folder);
        var id = new byte[4];
        random.nextBytes(id);
        var authority = CertificateAuthority.make(
                validity(lifetime), "tega " + HexFormat.of().formatHex(id), random);
        write("ca", authority.key().getEncoded(), Pem.write(authority.certificate()));
        return authority.certificate();
    }

    /** Makes what a server at these hosts needs, anew if it is there. */
    X509Certificate server(List<String> hosts, Duration lifetime) throws IOException, GeneralSecurityException {
        for (var host : hosts) {
            if (!CertificateRequest.isAddress(host) && !HOST.matcher(host).matches()) {
                throw new TegaException.Invalid("'" + host + "' is neither a host name nor an IP address");
            }
        }
        var first = hosts.get(0);
        var name = first.length() <= LONGEST_COMMON_NAME ? first : "tega server"; // the hosts are what counts
        return issue("server", name, CertificateRequest.Use.SERVER, hosts, lifetime);
    }

    /** Makes what a client needs to be {@code name}, anew if it is there. */
    X509Certificate client(String name, Duration lifetime) throws IOException, GeneralSecurityException {
        Name.plain(name);
        if (name.equals("ca") || name.equals("server")) {
            throw new TegaException.Invalid("a client cannot be called '" + name + "': the files are named so already");
        }
        return issue(name, name, CertificateRequest.Use.CLIENT, List.of(), lifetime);
    }

    private X509Certificate issue(
            String file, String name, CertificateRequest.Use use, List<String> hosts, Duration lifetime)
            throws IOException, GeneralSecurityException {
        var authority = authority();
        var keys = CertificateAuthority.keys(random);
        var certificate =
                authority.sign(new CertificateRequest(name, keys.getPublic(), use, hosts, validity(lifetime)));
        write(file, keys.getPrivate().getEncoded(), Pem.write(certificate) + Pem.write(authority.certificate()));
        return certificate;
    }

    private CertificateAuthority authority() {
        if (!hasAuthority()) {
            throw new TegaException.NotFound("there is no authority in " + folder + "; 'cert init' makes one");
        }
        var certificate = Pem.certificates(file("ca.pem")).get(0);
        return new CertificateAuthority(Pem.key(file("ca.key"), "EC"), certificate, random);
    }

    private CertificateRequest.Validity validity(Duration lifetime) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new CertificateRequest.Validity(now.minus(EARLIER), now.plus(lifetime));
    }

    /** The key first: a server that looks in between finds that they do not fit, and goes on with what it has. */
    private void write(String name, byte[] key, String certificates) throws IOException {
        PrivateFile.replace(
                file(name + ".key"), Pem.write("PRIVATE KEY", key).getBytes(StandardCharsets.US_ASCII), true);
        PrivateFile.replace(file(name + ".pem"), certificates.getBytes(StandardCharsets.US_ASCII), false);
        PrivateFile.syncName(file(name + ".pem"));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** The PEM files there are, by name. */
    List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pem"))
                    .sorted()
                    .toList();
        }
    }
}
