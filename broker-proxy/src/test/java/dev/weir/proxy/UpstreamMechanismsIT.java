package dev.weir.proxy;

import static dev.weir.proxy.FirstSteps.topics;
import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.upstream.KafkaClientSettings;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weir's own credentials towards real brokers, each mechanism; Kafka's clients in Weir use the same. */
class UpstreamMechanismsIT {
    /** Brokers want a new log-in after this. */
    private static final int SESSION_MILLIS = 3_000;

    @TempDir
    private static Path dir;

    private static TestCa ca;
    private static TestCertificate weir;
    private static EmbeddedKafka kafka;
    private static HttpServer idp;
    private static final AtomicInteger TOKENS = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        ca = TestCa.create(dir, "ca");
        weir = ca.issue(CertificateSpec.client("CN=weir"));
        ClientListener.Sasl users = new ClientListener.Sasl(
                Map.of("weir", "secret", "kafka-payments", "p-secret"),
                Map.of("weir", "s-secret", "kafka-payments", "p-s-secret"));
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("SASL").withSasl(users.withTokens()))
                .listener(ClientListener.tls("SASLTLS", ca.listenerTls(ClientAuth.NONE))
                        .withSasl(users))
                .listener(ClientListener.tls("MTLS", ca.listenerTls(ClientAuth.REQUIRED)))
                .authorizer("User:weir", "User:CN=weir")
                .property("connections.max.reauth.ms", Integer.toString(SESSION_MILLIS))
                .start();
        kafka.createTopic("orders", 1);
        kafka.createTopic("payments", 1);
        kafka.admin()
                .createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, "payments", PatternType.LITERAL),
                        new AccessControlEntry(
                                "User:kafka-payments", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW))))
                .all()
                .get(30, TimeUnit.SECONDS);
        idp = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        idp.createContext("/token", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String client = exchange.getRequestHeaders().getFirst("Authorization");
            boolean payments = ("Basic "
                            + Base64.getEncoder().encodeToString("payments:t-secret".getBytes(StandardCharsets.UTF_8)))
                    .equals(client);
            boolean known = payments
                    || ("Basic d2VpciUzQTE6cyUyNmNyZXQ=".equals(client)
                            && form.equals("grant_type=client_credentials&scope=kafka+all"));
            byte[] answer = (known
                            ? "{\"access_token\":\"" + unsignedToken(payments ? "kafka-payments" : "weir")
                                    + "\",\"expires_in\":60}"
                            : "{\"error\":\"invalid_client\"}")
                    .getBytes(StandardCharsets.UTF_8);
            TOKENS.incrementAndGet();
            exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        idp.start();
    }

    @AfterAll
    static void stop() {
        idp.stop(0);
        kafka.close();
    }

    /** As Kafka's default validator takes them: RFC 7515, with the algorithm none. */
    private static String unsignedToken(String subject) {
        long now = System.currentTimeMillis() / 1_000;
        return base64("{\"alg\":\"none\"}") + "."
                + base64("{\"sub\":\"" + subject + "\",\"iat\":" + now + ",\"exp\":" + (now + 60) + "}") + ".";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static TokenEndpoint endpoint() {
        return new TokenEndpoint(
                URI.create("http://127.0.0.1:" + idp.getAddress().getPort() + "/token"),
                "weir:1",
                "s&cret",
                "kafka all",
                null);
    }

    /** A way to brokers. */
    record Way(String listener, UpstreamTls tls, UpstreamSasl sasl) {
        ClusterConfig cluster() {
            String[] broker = kafka.bootstrap(listener).split(":");
            return new ClusterConfig("main", List.of(new Endpoint(broker[0], Integer.parseInt(broker[1]))), tls, sasl);
        }

        @Override
        public String toString() {
            return listener + " " + sasl;
        }
    }

    static Stream<Way> ways() {
        UpstreamTls tls = new UpstreamTls(ca.pem(), null, null, true);
        UpstreamTls mutual = new UpstreamTls(ca.pem(), weir.chainPem(), weir.keyPem(), true);
        return Stream.of(
                new Way("SASL", null, UpstreamSasl.plain("weir", "secret")),
                new Way("SASLTLS", tls, UpstreamSasl.plain("weir", "secret")),
                new Way("SASL", null, new UpstreamSasl.Password(Mechanism.SCRAM_SHA_256, "weir", "s-secret")),
                new Way("SASLTLS", tls, new UpstreamSasl.Password(Mechanism.SCRAM_SHA_512, "weir", "s-secret")),
                new Way("SASL", null, new UpstreamSasl.Token(endpoint())),
                new Way("MTLS", mutual, null));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void brokersKnowWeirAndTakeItsWordAgain(Way way) {
        try (ProxyFixture proxy = ProxyFixture.inFrontOf(kafka.bootstrap(way.listener()))
                        .upstream(way.tls(), way.sasl())
                        .start();
                RawKafkaConnection client = RawKafkaConnection.open(proxy.bootstrap())) {
            assertThat(topics(client)).contains("orders");
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SESSION_MILLIS * 2);
            awaitSettled().until(() -> {
                assertThat(topics(client)).contains("orders");
                return System.nanoTime() > until;
            });
            assertThat(proxy.metrics().listener("plain").connectionsAccepted())
                    .as("on one connection all the time, though brokers end sessions after " + SESSION_MILLIS + " ms")
                    .isEqualTo(1);
            assertThat(proxy.metrics().upstream("main").failures()).isZero();
        }
    }

    static Stream<Map<String, String>> ofPayments() {
        String user = "kafka-payments";
        return Stream.of(
                Map.of("username", user, "password", "p-secret"),
                Map.of("mechanism", "SCRAM-SHA-256", "username", user, "password", "p-s-secret"),
                Map.of("mechanism", "SCRAM-SHA-512", "username", user, "password", "p-s-secret"),
                Map.of(
                        "mechanism", "OAUTHBEARER",
                        "tokenEndpoint", endpoint().url().toString(),
                        "clientId", "payments",
                        "clientSecret", "t-secret"));
    }

    /** Kafka's authorizer lets Weir see all topics, and the Service one. */
    @ParameterizedTest
    @MethodSource("ofPayments")
    void brokersKnowAServiceByEachMechanism(Map<String, String> stored) {
        try (ProxyFixture proxy = ProxyFixture.inFrontOf(kafka.bootstrap("SASL"))
                        .upstream(null, UpstreamSasl.plain("weir", "secret"))
                        .credentials(new ListenerUpstream.PerPrincipal(service -> Optional.of(stored)))
                        .start();
                RawKafkaConnection client = RawKafkaConnection.open(proxy.bootstrap())) {
            assertThat(topics(client)).containsExactly("payments");
            assertThat(proxy.metrics().upstream("main").failures()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void kafkasOwnClientsInWeirUseTheSame(Way way) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(KafkaClientSettings.of(way.cluster())))) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("orders");
        }
    }

    @Test
    void aTokenIsAskedForOnceAndKept() throws IOException {
        try (ProxyFixture proxy = ProxyFixture.inFrontOf(kafka.bootstrap("SASL"))
                .upstream(null, new UpstreamSasl.Token(endpoint()))
                .start()) {
            int before = TOKENS.get();
            for (int i = 0; i < 20; i++) {
                try (RawKafkaConnection client = RawKafkaConnection.open(proxy.bootstrap())) {
                    assertThat(topics(client)).contains("orders");
                }
            }
            assertThat(TOKENS.get()).isEqualTo(before);
        }
    }
}
