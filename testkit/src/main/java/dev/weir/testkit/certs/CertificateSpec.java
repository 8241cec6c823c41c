package dev.weir.testkit.certs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * What a certificate says.
 *
 * @param fileName stem of the files it is written to
 * @param subject distinguished name as in RFC 2253, for example {@code CN=checkout,O=Shop}; may be empty
 * @param alternativeNames subject alternative names
 * @param notBefore start of its validity
 * @param notAfter end of its validity
 */
public record CertificateSpec(
        String fileName, String subject, List<GeneralName> alternativeNames, Instant notBefore, Instant notAfter) {

    private static final Duration AGE = Duration.ofHours(1);
    private static final Duration LIFE = Duration.ofDays(30);

    public CertificateSpec {
        alternativeNames = List.copyOf(alternativeNames);
    }

    /** For {@code localhost}, {@code 127.0.0.1}, {@code *.weir.test} and {@code *.localhost}. */
    public static CertificateSpec server() {
        return valid("server", "CN=localhost")
                .withDns("localhost")
                .withDns("*.weir.test")
                .withDns("*.localhost")
                .withIp("127.0.0.1");
    }

    /** A certificate with a subject and no alternative name. */
    public static CertificateSpec client(String subject) {
        return valid(subject.replaceAll("[^A-Za-z0-9.-]+", "_"), subject);
    }

    /** A client that is named by its SPIFFE id only: an empty subject and one URI. */
    public static CertificateSpec spiffe(String uri) {
        return valid(uri.replaceAll("[^A-Za-z0-9.-]+", "_"), "").withUri(uri);
    }

    public CertificateSpec withUri(String uri) {
        return with(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    }

    public CertificateSpec withDns(String name) {
        return with(new GeneralName(GeneralName.dNSName, name));
    }

    public CertificateSpec withIp(String address) {
        return with(new GeneralName(GeneralName.iPAddress, address));
    }

    public CertificateSpec withEmail(String address) {
        return with(new GeneralName(GeneralName.rfc822Name, address));
    }

    public CertificateSpec withFileName(String stem) {
        return new CertificateSpec(stem, subject, alternativeNames, notBefore, notAfter);
    }

    /** Its validity ended an hour ago. */
    public CertificateSpec expired() {
        Instant end = Instant.now().minus(AGE);
        return new CertificateSpec(fileName + "-expired", subject, alternativeNames, end.minus(LIFE), end);
    }

    /** Its validity begins tomorrow. */
    public CertificateSpec notYetValid() {
        Instant start = Instant.now().plus(Duration.ofDays(1));
        return new CertificateSpec(fileName + "-not-yet", subject, alternativeNames, start, start.plus(LIFE));
    }

    private static CertificateSpec valid(String fileName, String subject) {
        Instant now = Instant.now();
        return new CertificateSpec(fileName, subject, List.of(), now.minus(AGE), now.plus(LIFE));
    }

    private CertificateSpec with(GeneralName name) {
        List<GeneralName> names = new ArrayList<>(alternativeNames);
        names.add(name);
        return new CertificateSpec(fileName, subject, names, notBefore, notAfter);
    }
}
