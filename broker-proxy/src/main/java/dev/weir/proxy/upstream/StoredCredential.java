package dev.weir.proxy.upstream;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.CredentialStore;
import dev.weir.proxy.config.SecureAddress;
import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Credential} of what a {@link CredentialStore} has. What is wrong is said by key, never by value. */
final class StoredCredential {
    private static final Set<String> KEYS = Set.of(
            "mechanism",
            "username",
            "password",
            "tokenEndpoint",
            "clientId",
            "clientSecret",
            "scope",
            "certificate",
            "key");

    private StoredCredential() {}

    /** @throws IOException when it is not complete, or says what nobody knows */
    static Credential parse(Map<String, String> stored) throws IOException {
        Set<String> unknown = new TreeSet<>(stored.keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IOException("unknown keys " + unknown + "; expected some of " + new TreeSet<>(KEYS));
        }
        KeyCertOptions certificate = certificate(stored);
        UpstreamSasl sasl = sasl(stored);
        if (certificate == null && sasl == null) {
            throw new IOException("neither a \"username\" nor a \"certificate\"");
        }
        return new Credential(certificate, sasl);
    }

    private static @Nullable KeyCertOptions certificate(Map<String, String> stored) throws IOException {
        if (!stored.containsKey("certificate") && !stored.containsKey("key")) {
            return null;
        }
        PemFile chain = pem(stored, "certificate");
        PemFile key = pem(stored, "key");
        try {
            key.keyOf(chain.certificates().get(0), "\"certificate\"");
        } catch (UnusableFileException e) {
            throw new IOException("\"certificate\" and \"key\": " + e.getMessage(), e);
        }
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(chain.content()))
                .setKeyValue(Buffer.buffer(key.content()));
    }

    private static PemFile pem(Map<String, String> stored, String key) throws IOException {
        return new PemFile(key, required(stored, key).getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable UpstreamSasl sasl(Map<String, String> stored) throws IOException {
        String mechanism = stored.get("mechanism");
        if (mechanism == null && !stored.containsKey("username")) {
            return null;
        }
        if (mechanism == null || mechanism.equals(Mechanism.PLAIN.wireName())) {
            return password(Mechanism.PLAIN, stored);
        }
        for (Mechanism scram : new Mechanism[] {Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512}) {
            if (mechanism.equals(scram.wireName())) {
                return password(scram, stored);
            }
        }
        if (mechanism.equals(Mechanism.OAUTHBEARER.wireName())) {
            return new UpstreamSasl.Token(new TokenEndpoint(
                    url(required(stored, "tokenEndpoint")),
                    required(stored, "clientId"),
                    required(stored, "clientSecret"),
                    stored.get("scope"),
                    null));
        }
        throw new IOException("an unknown \"mechanism\"; expected PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER");
    }

    private static UpstreamSasl password(Mechanism mechanism, Map<String, String> stored) throws IOException {
        return new UpstreamSasl.Password(mechanism, required(stored, "username"), required(stored, "password"));
    }

    private static URI url(String text) throws IOException {
        try {
            URI url = URI.create(text);
            if (SecureAddress.is(url)) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IOException("\"tokenEndpoint\" is no https URL, nor an http one on this machine");
    }

    private static String required(Map<String, String> stored, String key) throws IOException {
        String value = stored.get(key);
        if (value == null || value.isEmpty()) {
            throw new IOException("\"" + key + "\" is missing");
        }
        return value;
    }
}
