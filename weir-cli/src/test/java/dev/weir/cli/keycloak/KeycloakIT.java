package dev.weir.cli.keycloak;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.cli.CommandLineHarness;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.browser.BrowserPage;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.idp.Keycloak;
import dev.weir.testkit.net.UnusedPorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One Keycloak for all: whose tokens a listener accepts, who may ask the API, and where people log in to the dashboard. */
class KeycloakIT extends BrowserPage {
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final String TOPIC = "orders";
    private static final int PAGE_MILLIS = 60_000;

    @TempDir
    private static Path folder;

    private static Keycloak keycloak;
    private static EmbeddedKafka kafka;
    private static TestCa ca;
    private static Mesh mesh;
    private static String dashboard;

    @BeforeAll
    static void start() throws Exception {
        keycloak = Keycloak.start(Path.of("target/keycloak"));
        System.setProperty(ALLOWED_URLS, keycloak.tokenEndpoint());
        kafka = EmbeddedKafka.start();
        kafka.createTopic(TOPIC, 1);
        ca = TestCa.create(folder, "ca");
        mesh = Mesh.start(ConfigFile.read(config()), new ErrorLog(List::of), denial -> {}, started -> {});
        dashboard = mesh.topologyUrl().get(2, TimeUnit.MINUTES);
    }

    @AfterAll
    static void stop() {
        System.clearProperty(ALLOWED_URLS);
        if (mesh != null) {
            mesh.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (keycloak != null) {
            keycloak.close();
        }
    }

    private static Path config() throws IOException {
        Files.createDirectories(folder.resolve("policy"));
        Files.writeString(folder.resolve("policy/all.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: checkout, owner: test}
                spec:
                  identities:
                    - claims: {azp: checkout, groups: order-writers}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: orders, owner: test}
                spec:
                  topics: [orders]
                  rules:
                    - {id: all, allow: [produce, consume], services: [checkout], groups: ["*"]}
                """);
        Files.writeString(folder.resolve("oidc.secret"), Keycloak.SECRET);
        TestCertificate server = ca.issue(CertificateSpec.server());
        int port = UnusedPorts.one();
        return Files.writeString(folder.resolve("weir.yaml"), """
                clusters: [{name: main, bootstrap: ["BOOTSTRAP"]}]
                listeners:
                  - name: tokens
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    tls: {certificate: "CERTIFICATE", key: "KEY"}
                    sasl:
                      mechanisms: [OAUTHBEARER]
                      oauthBearer: {issuer: "ISSUER", audience: [kafka], principalClaim: azp, groupsClaim: roles}
                policy: {folder: policy}
                admin: {bind: "127.0.0.1:0"}
                topology:
                  bind: 127.0.0.1:PORT
                  oidc:
                    issuer: ISSUER
                    clientId: weir
                    clientSecretFile: oidc.secret
                    url: http://127.0.0.1:PORT
                    viewers: [weir-viewer]
                    operators: [weir-operator]
                """.replace("BOOTSTRAP", kafka.bootstrap())
                .replace("CERTIFICATE", server.chainPem().toString())
                .replace("KEY", server.keyPem().toString())
                .replace("ISSUER", keycloak.issuer())
                .replace("PORT", Integer.toString(port)));
    }

    private static Map<String, Object> client(String clientId) {
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", mesh.listeners().get(0).bootstrap().toString());
        client.put("security.protocol", "SASL_SSL");
        client.put("ssl.truststore.type", "PEM");
        client.put("ssl.truststore.location", ca.pem().toString());
        client.put("sasl.mechanism", "OAUTHBEARER");
        client.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"" + clientId
                        + "\" clientSecret=\"" + Keycloak.SECRET + "\";");
        client.put("sasl.oauthbearer.token.endpoint.url", keycloak.tokenEndpoint());
        client.put(
                "sasl.login.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
        return client;
    }

    private static void produce(String clientId, String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(clientId), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get(60, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(int records) {
        Map<String, Object> properties = client("checkout");
        properties.put("group.id", "checkout");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            awaitAnswer().until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= records;
            });
        }
        return values;
    }

    private static String keyOf(String token) throws IOException {
        byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return new ObjectMapper().readTree(header).path("kid").asText();
    }

    /** Another key of the realm is no reason to restart anything: whoever comes with it is let in at once. */
    @Test
    void kafkaClientsComeWithItsTokensAndGoOnWhenItsKeysChange() throws Exception {
        String before = keyOf(keycloak.token("checkout"));
        produce("checkout", "first");
        keycloak.rotateKeys();
        assertThat(keyOf(keycloak.token("checkout"))).isNotEqualTo(before);
        // keys are asked for again once in a while, not for each token whose key is not known
        awaitAnswer().ignoreExceptions().until(() -> {
            produce("checkout", "second");
            return true;
        });
        assertThat(consume(2)).startsWith("first", "second");
    }

    /** It is known, and has not the role that the Service's identity asks for. */
    @Test
    void whoHasNotTheRoleMayNothing() {
        assertThatThrownBy(() -> produce("stranger", "never"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void whatATokenIsIsExplained() throws IOException {
        Path token = Files.writeString(folder.resolve("token.jwt"), keycloak.token("checkout"), StandardCharsets.UTF_8);
        String explained = CommandLineHarness.weir(
                        "identity", "explain", folder.resolve("policy").toString(), "--token", token.toString())
                .out();
        assertThat(explained).contains("azp").contains("checkout");
        assertThat(CommandLineHarness.weir("identity", "explain", "--token", token.toString(), "--api", mesh.adminUrl())
                        .out())
                .as("as the listener reads it")
                .contains("User:checkout (by OAUTHBEARER) is Service checkout");
    }

    @Test
    void programsAskTheApiWithItsTokens() throws IOException {
        Path viewer = Files.writeString(folder.resolve("viewer.jwt"), keycloak.token("weir"));
        Path nobody = Files.writeString(folder.resolve("nobody.jwt"), keycloak.token("checkout"));
        awaitAnswer()
                .untilAsserted(() -> assertThat(CommandLineHarness.weir(
                                        "topology", "--json", "--api", dashboard, "--token-file", viewer.toString())
                                .out())
                        .contains("\"nodes\""));
        assertThat(CommandLineHarness.weir("topology", "--api", dashboard, "--token-file", nobody.toString())
                        .err())
                .contains("401");
    }

    @BeforeEach
    void open() {
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
        page.setDefaultTimeout(PAGE_MILLIS);
        page.setDefaultNavigationTimeout(PAGE_MILLIS);
    }

    /** Keycloak's pages are its own, and a page without a log-in gets an answer of 401 or 403. */
    @AfterEach
    void expectWhatALogInBrings() {
        complaints.clear();
    }

    private void logIn(String name) {
        page.navigate(dashboard + "/?view=lag");
        page.waitForURL(url -> url.startsWith(keycloak.issuer()));
        page.fill("#username", name);
        page.fill("#password", Keycloak.PASSWORD);
        page.click("#kc-login");
    }

    @Test
    void aPersonLogsInToTheDashboardAndOut() {
        logIn("ann");
        assertThat(page).hasURL(dashboard + "/?view=lag");
        assertThat(page.locator("#account")).containsText("ann");
        shoot("keycloak-account");

        page.click("#logout"); // Keycloak knows by the ID token who that is, and does not ask
        page.waitForURL(url -> url.contains("/protocol/openid-connect/auth"));
        assertThat(page.context().cookies()).noneMatch(cookie -> cookie.name.equals("weir-session"));
    }

    @Test
    void aPersonWithoutARoleIsToldSo() {
        logIn("bob");
        assertThat(page.locator("body")).containsText("bob is logged in, and has not the role of a viewer");
    }
}
