package tega.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * The name that a client certificate proves: that of a subject alternative name {@code URI:tega:NAME} if it has one, else the
 * common name of its subject.
 */
final class CertificateName {
    private static final String SCHEME = "tega:";

    /** RFC 5280, section 4.2.1.6. */
    private static final int URI = 6;

    private CertificateName() {}

    /** Empty when it proves none, or more than one. */
    static Optional<String> of(X509Certificate certificate) {
        try {
            var names = alternatives(certificate);
            if (names.isEmpty()) {
                names = commonNames(certificate);
            }
            return names.size() == 1 && Name.isPlain(names.get(0)) ? Optional.of(names.get(0)) : Optional.empty();
        } catch (CertificateParsingException | InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static List<String> alternatives(X509Certificate certificate) throws CertificateParsingException {
        var names = new ArrayList<String>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (var alternative : alternatives) {
                if (Integer.valueOf(URI).equals(alternative.get(0))
                        && alternative.get(1) instanceof String uri
                        && uri.startsWith(SCHEME)) {
                    names.add(uri.substring(SCHEME.length()));
                }
            }
        }
        return names;
    }

    private static List<String> commonNames(X509Certificate certificate) throws InvalidNameException {
        var names = new ArrayList<String>();
        for (var part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }
}
