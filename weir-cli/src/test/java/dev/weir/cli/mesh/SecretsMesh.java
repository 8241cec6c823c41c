package dev.weir.cli.mesh;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.Ed25519Keys;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.UnusedPorts;
import dev.weir.testkit.registry.FakeRegistry;
import dev.weir.testkit.vault.FakeVault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a mesh that has every kind of secret that there is, and the servers that it shows them to. */
final class SecretsMesh implements AutoCloseable {
    static final String BROKER = "horse-broker";
    static final String CLIENT = "horse-client";

    private static final String SESSION_KEY =
            Base64.getEncoder().encodeToString("a horse, a horse, for a kingdom!".getBytes(StandardCharsets.UTF_8));

    private final Path folder;
    private final EmbeddedKafka kafka;
    private final FakeVault vault = FakeVault.start();
    private final FakeRegistry registry = FakeRegistry.start();
    private final TestIdp idp = TestIdp.start();
    private final Map<String, String> none = new LinkedHashMap<>();
    private final TestCa ca;

    private SecretsMesh(Path folder) {
        this.folder = folder;
        ca = TestCa.create(folder, "ca");
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.saslPlain("SASL", Map.of("weir", BROKER, "kafka-checkout", "horse-right")))
                .start();
    }

    /** Writes all files, and starts all servers. */
    static SecretsMesh lay(Path folder) throws Exception {
        SecretsMesh mesh = new SecretsMesh(folder);
        List.of("orders", "by-password", "by-token").forEach(topic -> mesh.kafka.createTopic(topic, 1));
        mesh.layVault();
        mesh.layFiles();
        mesh.registry.require(
                "Basic " + Base64.getEncoder().encodeToString("weir:another".getBytes(StandardCharsets.UTF_8)));
        return mesh;
    }

    private void layVault() {
        vault.appRole("weir", "horse-secret-id", Duration.ofMinutes(1), Duration.ofHours(1));
        vault.put("kv/data/weir/kafka", Map.of("password", BROKER));
        vault.put("kv/data/kafka/services/checkout", wrongCredential());
    }

    private static Map<String, String> wrongCredential() {
        return Map.of("mechanism", "PLAIN", "username", "kafka-checkout", "password", "horse-service");
    }

    private void layFiles() throws Exception {
        write("secret-id", "horse-secret-id");
        write("oidc.secret", "horse-oidc");
        write("session.key", SESSION_KEY);
        write("client.secret", "horse-client-secret");
        write("registry.password", "horse-registry");
        write("registry.token", "horse-registry-token");
        write("otlp.headers", "api-key: horse-otlp");
        String signing = Ed25519Keys.pem(Ed25519Keys.make().getPrivate());
        write("signing.pem", signing);
        String hash = PasswordHash.create(CLIENT, PasswordHash.ITERATIONS_MIN).encoded();
        String keys = ScramKeys.create(Mechanism.SCRAM_SHA_512, CLIENT, ScramKeys.ITERATIONS_MIN)
                .encoded();
        write("users", "checkout:" + hash + "\ncheckout:" + keys);
        StringBuilder stored = new StringBuilder();
        wrongCredential()
                .forEach((key, value) ->
                        stored.append(key).append('=').append(value).append('\n'));
        Files.createDirectories(folder.resolve("upstream"));
        write("upstream/checkout.properties", stored.toString());
        Files.createDirectories(folder.resolve("policy"));
        write("policy/all.yaml", POLICY);
        TestCertificate server = ca.issue(CertificateSpec.server());
        write("weir.yaml", config(server));

        none.put("any password", "horse");
        none.put("a hash", hash.substring(hash.lastIndexOf('$') + 1));
        none.put("the keys of a user", keys.substring(keys.lastIndexOf('$') + 1));
        none.put("the signing key", signing.lines().toList().get(1));
        none.put("the listener's key", Files.readAllLines(server.keyPem()).get(1));
        none.put("the key of sessions", SESSION_KEY);
        none.put("a token", accessToken().substring(0, accessToken().indexOf('.')));
        none.put("a token of Vault", "hvs.");
    }

    private static final String POLICY = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: checkout, owner: test}
            spec: {identities: [{sasl: checkout}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: orders, owner: test}
            spec: {topics: [orders, by-password, by-token], rules: [{id: all, allow: [produce, consume], services: [checkout]}]}
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: orders, owner: test}
            spec: {topics: [orders], headers: {principal: true, signature: true}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: by-password, owner: test}
            spec: {topics: [by-password], value: {registry: main}, onViolation: reject}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: by-token, owner: test}
            spec: {topics: [by-token], value: {registry: other}, onViolation: reject}
            """;

    private String config(TestCertificate server) throws IOException {
        return """
                vault:
                  address: VAULT
                  auth: {appRole: {roleId: weir, secretIdFile: secret-id}}
                  refresh: 1s
                clusters:
                  - name: main
                    bootstrap: ["KAFKA"]
                    sasl: {username: weir, passwordFile: "vault:kv/data/weir/kafka#password"}
                  - name: other
                    bootstrap: ["KAFKA"]
                    sasl: {mechanism: OAUTHBEARER, tokenEndpoint: "IDP/nowhere", clientId: weir, clientSecretFile: client.secret}
                listeners:
                  - name: front
                    cluster: main
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    tls: {certificate: "CERTIFICATE", key: "KEY"}
                    sasl: {mechanisms: [PLAIN, SCRAM-SHA-512], users: users}
                  - name: files
                    cluster: main
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    tls: {certificate: "CERTIFICATE", key: "KEY"}
                    sasl: {mechanisms: [PLAIN], users: users}
                    upstream: {credentials: perPrincipal, from: "upstream/{service}.properties"}
                  - name: vault
                    cluster: main
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    tls: {certificate: "CERTIFICATE", key: "KEY"}
                    sasl: {mechanisms: [PLAIN], users: users}
                    upstream: {credentials: perPrincipal, from: "vault:kv/data/kafka/services/{service}"}
                  - name: tokens
                    cluster: main
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    tls: {certificate: "CERTIFICATE", key: "KEY"}
                    sasl: {mechanisms: [OAUTHBEARER], oauthBearer: {issuer: "IDP", audience: [kafka]}}
                signing: {key: signing.pem}
                schemaRegistries:
                  - {name: main, url: "REGISTRY", username: weir, passwordFile: registry.password}
                  - {name: other, url: "REGISTRY", tokenFile: registry.token}
                policy: {folder: policy}
                audit: {file: audit.jsonl}
                admin: {bind: "127.0.0.1:0"}
                otlp: {endpoint: "IDP", headersFile: otlp.headers, interval: 1s}
                topology:
                  bind: 127.0.0.1:PORT
                  oidc:
                    issuer: IDP
                    clientId: weir
                    clientSecretFile: oidc.secret
                    sessionKeyFile: session.key
                    url: http://127.0.0.1:PORT
                    viewers: [platform]
                """.replace("VAULT", vault.address().toString())
                .replace("KAFKA", kafka.bootstrap("SASL"))
                .replace("IDP", idp.issuer())
                .replace("REGISTRY", registry.url().toString())
                .replace("CERTIFICATE", server.chainPem().toString())
                .replace("KEY", server.keyPem().toString())
                .replace("PORT", Integer.toString(UnusedPorts.one()));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content + "\n");
    }

    Path config() {
        return folder.resolve("weir.yaml");
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    FakeVault vault() {
        return vault;
    }

    /** What must be nowhere, by what it is. */
    Map<String, String> none() {
        return none;
    }

    /** Of a client that is the Service checkout. */
    String accessToken() {
        return idp.token(claims -> claims.setSubject("checkout"));
    }

    /** Of somebody who may see the dashboard. */
    String viewer() {
        return idp.token(claims -> {
            claims.setAudience("weir");
            claims.setSubject("ann");
            claims.setStringListClaim("roles", "platform");
        });
    }

    List<String> pagesOfTheDashboard() {
        return List.of(
                "/api/v1/topology",
                "/api/v1/lag",
                "/api/v1/security",
                "/api/v1/slos",
                "/api/v1/canaries",
                "/api/v1/proxies",
                "/api/v1/schemas",
                "/api/v1/status",
                "/api/v1/audit",
                "/api/v1/services/checkout",
                "/api/v1/topics/orders",
                "/api/v1/nothing",
                "/metrics",
                "/login");
    }

    /** Of Kafka's Java clients. */
    Map<String, Object> password(String bootstrap, String user, String password, String mechanism) {
        ClientAccess access = mechanism.equals("PLAIN")
                ? ClientAccess.saslPlain(bootstrap, user, password)
                : ClientAccess.saslScram(bootstrap, user, password, mechanism);
        return new HashMap<>(access.withTls(ca).javaProperties());
    }

    Map<String, Object> token(String bootstrap, String token) {
        return new HashMap<>(
                ClientAccess.oauthBearer(bootstrap, token).withTls(ca).javaProperties());
    }

    @Override
    public void close() {
        kafka.close();
        vault.close();
        registry.close();
        idp.close();
    }
}
