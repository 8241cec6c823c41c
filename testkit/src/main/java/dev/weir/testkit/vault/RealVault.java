package dev.weir.testkit.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.testkit.await.Patience;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A real server, asked over its HTTP API (<a href="https://developer.hashicorp.com/vault/api-docs">documented</a>). It mounts
 * engines under names of its own, and takes them away in the end: nothing else of the server is touched. The token has to be
 * one that may do that, as the root token of {@code vault server -dev} may.
 */
final class RealVault implements TestVault {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final String token;
    private final @Nullable Path trust;
    private final HttpClient http;
    private final String name = "weir-test-" + UUID.randomUUID();
    private final String kv = name + "-kv";
    private final String pki = name + "-pki";
    private final String appRole = name + "-approle";
    private final X509Certificate root;

    RealVault(URI address, String token, @Nullable String trust) {
        this.address = address;
        this.token = token;
        this.trust = trust == null ? null : Path.of(trust);
        this.http = client(this.trust);
        post("sys/mounts/" + kv, Map.of("type", "kv", "options", Map.of("version", "2")));
        post("sys/mounts/" + pki, Map.of("type", "pki", "config", Map.of("max_lease_ttl", "720h")));
        root = certificate(post(
                        pki + "/root/generate/internal",
                        Map.of("common_name", name, "ttl", "720h", "key_type", "ec", "key_bits", 256))
                .at("/data/certificate")
                .asText());
        post(
                pki + "/roles/weir",
                Map.of(
                        "allowed_domains",
                        ALLOWED_HOST,
                        "allow_bare_domains",
                        true,
                        "allow_ip_sans",
                        true,
                        "allowed_uri_sans",
                        "spiffe://shop/*",
                        "require_cn",
                        false,
                        "key_type",
                        "any",
                        "max_ttl",
                        "24h"));
        post("sys/auth/" + appRole, Map.of("type", "approle"));
        post("sys/policies/acl/" + name, Map.of("policy", """
                path "%s/data/weir/*"        { capabilities = ["read"] }
                path "%s/sign/weir"          { capabilities = ["update"] }
                path "auth/token/lookup-self" { capabilities = ["read"] }
                path "auth/token/renew-self"  { capabilities = ["update"] }
                """.formatted(kv, pki)));
        // a new engine of version 2 is not ready at once
        Patience.awaitAnswer()
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> {
                    put(forbiddenSecret(), Map.of("password", "not-for-weir"));
                    return true;
                });
    }

    private static HttpClient client(@Nullable Path trust) {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (trust != null) {
            try (InputStream in = Files.newInputStream(trust)) {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("ca-" + store.size(), authority);
                }
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(store);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, managers.getTrustManagers(), null);
                builder.sslContext(context);
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException("VAULT_CACERT " + trust + " cannot be used", e);
            }
        }
        return builder.build();
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public @Nullable Path trust() {
        return trust;
    }

    @Override
    public String appRoleMount() {
        return appRole;
    }

    @Override
    public AppRole appRole(Duration lifetime, Duration longest) {
        String role = "auth/" + appRole + "/role/weir";
        post(
                role,
                Map.of(
                        "token_policies",
                        List.of(name),
                        "token_ttl",
                        lifetime.toSeconds() + "s",
                        "token_max_ttl",
                        longest.toSeconds() + "s"));
        return new AppRole(
                send("GET", role + "/role-id", null).at("/data/role_id").asText(),
                post(role + "/secret-id", Map.of()).at("/data/secret_id").asText());
    }

    @Override
    public String secret(String secret) {
        return kv + "/data/weir/" + secret;
    }

    @Override
    public String forbiddenSecret() {
        return kv + "/data/forbidden";
    }

    @Override
    public void put(String path, Map<String, String> fields) {
        post(path, Map.of("data", fields));
    }

    @Override
    public void revokeTokens() {
        post("sys/leases/revoke-prefix/auth/" + appRole + "/login", Map.of("sync", true));
    }

    @Override
    public String signer() {
        return pki + "/weir";
    }

    @Override
    public X509Certificate root() {
        return root;
    }

    @Override
    public void close() {
        for (String made :
                List.of("sys/auth/" + appRole, "sys/policies/acl/" + name, "sys/mounts/" + kv, "sys/mounts/" + pki)) {
            send("DELETE", made, null);
        }
    }

    private JsonNode post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    private JsonNode send(String method, String path, @Nullable Map<String, ?> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/" + path))
                    .header("X-Vault-Token", token)
                    .timeout(Patience.ANSWER)
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + path + " at Vault: " + answer.statusCode() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return answer.body().length == 0 ? JSON.nullNode() : JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("Vault at " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException("Vault gave no certificate", e);
        }
    }
}
