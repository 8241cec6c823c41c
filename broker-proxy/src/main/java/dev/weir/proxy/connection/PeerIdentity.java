package dev.weir.proxy.connection;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.PrincipalNames;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Who a peer is as far as its transport says: the bearer of a certificate that TLS has verified, or anonymous. */
final class PeerIdentity {
    // kinds of GeneralName, RFC 5280 section 4.2.1.6
    private static final int DNS_NAME = 2;
    private static final int URI = 6;
    private static final int IP_ADDRESS = 7;

    private PeerIdentity() {}

    /**
     * The certificates that a peer has shown and TLS has verified, its own first; none where it has shown none.
     *
     * @param session the TLS session, or {@code null} for plaintext
     */
    static List<X509Certificate> chain(@Nullable SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>(2);
        if (session != null) {
            try {
                for (Certificate certificate : session.getPeerCertificates()) {
                    if (certificate instanceof X509Certificate x509) {
                        chain.add(x509);
                    }
                }
            } catch (SSLPeerUnverifiedException e) {
                return List.of(); // the client showed no certificate, and the listener does not insist
            }
        }
        return chain;
    }

    /**
     * The subject of a connection.
     *
     * @param chain the peer's certificates, its own first
     * @param from the parts of the certificate that may name its bearer, in order; a part that cannot be the name of a
     *     principal counts as not there
     */
    static Subject of(boolean tls, List<X509Certificate> chain, List<CertificatePrincipal> from, InetAddress source) {
        return chain.isEmpty() ? Subject.anonymous(tls, source) : of(chain.get(0), from, source);
    }

    private static Subject of(X509Certificate certificate, List<CertificatePrincipal> from, InetAddress source) {
        List<String> uris = alternativeNames(certificate, URI);
        List<String> dnsNames = alternativeNames(certificate, DNS_NAME);
        List<String> all = new ArrayList<>(uris);
        all.addAll(dnsNames);
        all.addAll(alternativeNames(certificate, IP_ADDRESS));
        String distinguishedName = certificate.getSubjectX500Principal().getName();
        for (CertificatePrincipal part : from) {
            String name = switch (part) {
                case SAN_URI -> uris.isEmpty() ? "" : uris.get(0);
                case SAN_DNS -> dnsNames.isEmpty() ? "" : dnsNames.get(0);
                case SUBJECT_CN -> commonName(distinguishedName);
                case SUBJECT -> distinguishedName;
            };
            if (PrincipalNames.problem(name).isEmpty()) {
                return new Subject(
                        Principal.user(name), Mechanism.MTLS, true, all, distinguishedName, Map.of(), source);
            }
        }
        return new Subject(Principal.ANONYMOUS, Mechanism.MTLS, true, all, distinguishedName, Map.of(), source);
    }

    private static List<String> alternativeNames(X509Certificate certificate, int kind) {
        List<String> names = new ArrayList<>(2);
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0) instanceof Integer found
                            && found == kind
                            && alternative.get(1) instanceof String name
                            && PrincipalNames.problem(name).isEmpty()) {
                        names.add(name);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    private static String commonName(String distinguishedName) {
        try {
            for (Rdn part : new LdapName(distinguishedName).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException e) {
            return "";
        }
        return "";
    }
}
