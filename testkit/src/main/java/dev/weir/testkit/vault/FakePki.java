package dev.weir.testkit.vault;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A PKI mount with a root, and an authority below it that signs. */
final class FakePki {
    private static final Duration AGES = Duration.ofDays(3650);

    private final KeyPair rootKeys = newKeys();
    private final KeyPair keys = newKeys();
    private final X509Certificate root;
    private final X509Certificate issuer;

    FakePki() {
        try {
            root = build("CN=Fake root", rootKeys.getPublic(), "CN=Fake root", rootKeys, AGES, true, List.of());
            issuer = build("CN=Fake issuer", keys.getPublic(), "CN=Fake root", rootKeys, AGES, true, List.of());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no authority can be made", e);
        }
    }

    X509Certificate root() {
        return root;
    }

    /**
     * Signs a request, with the names that the role allows of those that the body asks for.
     *
     * @throws IllegalArgumentException with Vault's words, when the role does not allow a name
     */
    Map<String, Object> sign(JsonNode body, Predicate<String> allowed, Duration longest) {
        try (PEMParser parser = new PEMParser(new StringReader(body.path("csr").asText()))) {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject());
            List<GeneralName> names = new ArrayList<>();
            names(body, "uri_sans", GeneralName.uniformResourceIdentifier, allowed, names);
            names(body, "alt_names", GeneralName.dNSName, allowed, names);
            names(body, "ip_sans", GeneralName.iPAddress, allowed, names);
            long seconds = Long.parseLong(body.path("ttl").asText().replace("s", ""));
            long lifetime = Math.min(seconds, longest.toSeconds());
            String name = body.path("common_name").asText();
            X509Certificate certificate = build(
                    name.isEmpty() ? "" : "CN=" + name,
                    request.getPublicKey(),
                    "CN=Fake issuer",
                    keys,
                    Duration.ofSeconds(lifetime),
                    false,
                    names);
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("certificate", pem(certificate));
            data.put("issuing_ca", pem(issuer));
            data.put("ca_chain", List.of(pem(issuer), pem(root)));
            data.put("serial_number", certificate.getSerialNumber().toString(16));
            data.put("expiration", certificate.getNotAfter().toInstant().getEpochSecond());
            return data;
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalArgumentException("error parsing csr", e);
        }
    }

    private static void names(
            JsonNode body, String field, int kind, Predicate<String> allowed, List<GeneralName> names) {
        Stream<String> wanted =
                Arrays.stream(body.path(field).asText().split(",")).filter(name -> !name.isEmpty());
        wanted.forEach(name -> {
            if (!allowed.test(name)) {
                throw new IllegalArgumentException("subject alternate name " + name + " not allowed by this role");
            }
            names.add(new GeneralName(kind, name));
        });
    }

    private static X509Certificate build(
            String subject,
            PublicKey key,
            String issuer,
            KeyPair issuerKeys,
            Duration lifetime,
            boolean authority,
            List<GeneralName> names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                new BigInteger(64, new SecureRandom()).setBit(63),
                Date.from(now.minusSeconds(30)),
                Date.from(now.plus(lifetime)),
                new X500Name(subject),
                key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    subject.isEmpty(),
                    new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }

    private static String pem(X509Certificate certificate) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        return text.toString().strip();
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no P-256 keys", e);
        }
    }
}
