package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.Issuer;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.certificate.SubjectNames;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.mesh.log.FailureWords;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.json.JsonValue;
import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Vault's PKI engine, asked to sign ({@code MOUNT/sign/ROLE}) and not to issue: the private key is made here, and never
 * travels. What Vault signs is held against what was asked, since a role leaves out what it does not allow.
 */
final class VaultAuthority implements Issuer {
    private static final int SAN_DNS = 2;
    private static final int SAN_URI = 6;
    private static final int SAN_IP = 7;

    private final VaultSession session;
    private final String role;

    /** Asks one role, given as mount and role: {@code pki/weir}. */
    VaultAuthority(VaultSession session, String role) {
        this.session = session;
        this.role = role;
    }

    private String path() {
        int slash = role.lastIndexOf('/');
        return role.substring(0, slash) + "/sign" + role.substring(slash);
    }

    @Override
    public IssuedCertificate issue(CertificateRequest request, KeyPair keys) throws IdentityException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("csr", signingRequest(request, keys));
        body.put("common_name", request.commonName());
        body.put("exclude_cn_from_sans", true);
        body.put("uri_sans", request.ids().stream().map(SpiffeId::uri).collect(Collectors.joining(",")));
        body.put("alt_names", hosts(request, false));
        body.put("ip_sans", hosts(request, true));
        body.put("ttl", request.lifetime().toSeconds() + "s");
        JsonObject answer = session.with((connection, token) -> connection.write(token, path(), body));
        IssuedCertificate issued = new IssuedCertificate(chain(answer), keys.getPrivate(), authorities(answer));
        require(request, issued, keys);
        return issued;
    }

    private static String hosts(CertificateRequest request, boolean addresses) {
        return request.hosts().stream()
                .filter(host -> host.address() == addresses)
                .map(HostName::value)
                .collect(Collectors.joining(","));
    }

    private static String signingRequest(CertificateRequest request, KeyPair keys) throws IdentityException {
        try (StringWriter text = new StringWriter();
                JcaPEMWriter pem = new JcaPEMWriter(text)) {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    request.commonName().isEmpty(),
                    SubjectNames.alternatives(request));
            PKCS10CertificationRequest signed = new JcaPKCS10CertificationRequestBuilder(
                            SubjectNames.subject(request.commonName()), keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder(KeyType.signatureOf(keys.getPrivate()))
                            .build(keys.getPrivate()));
            pem.writeObject(signed);
            pem.flush();
            return text.toString();
        } catch (IOException | OperatorCreationException e) {
            throw new IdentityException("a signing request cannot be made: " + FailureWords.ofItself(e), e);
        }
    }

    private List<X509Certificate> chain(JsonObject answer) throws IdentityException {
        List<X509Certificate> chain = new ArrayList<>(certificates(answer, "certificate"));
        for (X509Certificate above : above(answer)) {
            if (!isRoot(above)) {
                chain.add(above);
            }
        }
        return chain;
    }

    /** The roots that Vault tells of, or else the issuer: a mount below another authority does not always know its root. */
    private List<X509Certificate> authorities(JsonObject answer) throws IdentityException {
        List<X509Certificate> roots =
                above(answer).stream().filter(VaultAuthority::isRoot).toList();
        return roots.isEmpty() ? certificates(answer, "issuing_ca") : roots;
    }

    private List<X509Certificate> above(JsonObject answer) throws IdentityException {
        JsonValue chain = answer.get("ca_chain");
        if (chain == null || !chain.isArray()) {
            return certificates(answer, "issuing_ca");
        }
        StringBuilder text = new StringBuilder();
        chain.asArray().forEach(one -> text.append(one.asString()).append('\n'));
        return certificates(text.toString());
    }

    private List<X509Certificate> certificates(JsonObject answer, String field) throws IdentityException {
        JsonValue value = answer.get(field);
        if (value == null || !value.isString()) {
            throw new VaultFailure(Kind.INVALID, "Vault's answer to " + path() + " holds no " + field);
        }
        return certificates(value.asString());
    }

    private List<X509Certificate> certificates(String text) throws IdentityException {
        try {
            return Pem.certificates(text);
        } catch (IdentityException e) {
            throw new VaultFailure(
                    Kind.INVALID, "Vault's answer to " + path() + " cannot be read: " + FailureWords.ofItself(e));
        }
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private void require(CertificateRequest request, IssuedCertificate issued, KeyPair keys) throws IdentityException {
        if (!issued.certificate().getPublicKey().equals(keys.getPublic())) {
            throw new VaultFailure(Kind.INVALID, "Vault's answer to " + path() + " is a certificate for another key");
        }
        Collection<List<?>> names;
        try {
            names = issued.certificate().getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            throw new VaultFailure(Kind.INVALID, "the names in Vault's certificate cannot be read");
        }
        for (SpiffeId id : request.ids()) {
            require(names, SAN_URI, id.uri(), "allowed_uri_sans");
        }
        for (HostName host : request.hosts()) {
            require(
                    names,
                    host.address() ? SAN_IP : SAN_DNS,
                    host.value(),
                    host.address() ? "allow_ip_sans" : "allowed_domains");
        }
    }

    private void require(@Nullable Collection<List<?>> names, int kind, String name, String allowing)
            throws VaultFailure {
        boolean there = names != null
                && names.stream()
                        .anyMatch(one -> one.get(0).equals(kind)
                                && String.valueOf(one.get(1)).equalsIgnoreCase(name));
        if (!there && !(kind == SAN_IP && name.indexOf(':') >= 0)) { // IPv6 has many spellings
            throw new VaultFailure(
                    Kind.INVALID,
                    "Vault's role " + role + " left out \"" + name + "\"; allow it with " + allowing + " of the role");
        }
    }
}
