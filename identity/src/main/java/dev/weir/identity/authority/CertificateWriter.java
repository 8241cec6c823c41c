package dev.weir.identity.authority;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.CertificateRequest.Usage;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.SubjectNames;
import dev.weir.identity.name.TrustDomain;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Puts certificates together and signs them (RFC 5280; X509-SVID for services). */
final class CertificateWriter {
    /** Machines' clocks differ. */
    private static final Duration AGE = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 159; // RFC 5280, 4.1.2.2: positive, and at most 20 octets

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    CertificateWriter(Clock clock) {
        this.clock = clock;
    }

    X509Certificate authority(TrustDomain trustDomain, KeyPair keys, Duration lifetime) throws IdentityException {
        X500Name name = SubjectNames.subject("Weir built-in authority");
        try {
            X509v3CertificateBuilder builder = begin(name, name, keys.getPublic(), lifetime);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            GeneralName domain = new GeneralName(GeneralName.uniformResourceIdentifier, trustDomain.uri());
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(domain));
            return sign(builder, keys.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IdentityException("the authority's certificate cannot be made: " + FailureWords.ofItself(e), e);
        }
    }

    X509Certificate leaf(CertificateRequest request, PublicKey key, X509Certificate issuer, PrivateKey issuerKey)
            throws IdentityException {
        X500Name subject = SubjectNames.subject(request.commonName());
        try {
            X500Name issuerName =
                    X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
            X509v3CertificateBuilder builder = begin(issuerName, subject, key, request.lifetime());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            boolean rsa = key.getAlgorithm().equals("RSA");
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.digitalSignature | (rsa ? KeyUsage.keyEncipherment : 0)));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(
                            request.usage() == Usage.SERVER
                                    ? KeyPurposeId.id_kp_serverAuth
                                    : KeyPurposeId.id_kp_clientAuth));
            // RFC 5280, 4.2.1.6: critical where the subject is empty
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    request.commonName().isEmpty(),
                    SubjectNames.alternatives(request));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey()));
            return sign(builder, issuerKey);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IdentityException("the certificate cannot be made: " + FailureWords.ofItself(e), e);
        }
    }

    private X509v3CertificateBuilder begin(X500Name issuer, X500Name subject, PublicKey key, Duration lifetime)
            throws IOException, GeneralSecurityException {
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(AGE)),
                Date.from(now.plus(lifetime)),
                subject,
                key);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        return builder;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(KeyType.signatureOf(key)).build(key)));
    }
}
