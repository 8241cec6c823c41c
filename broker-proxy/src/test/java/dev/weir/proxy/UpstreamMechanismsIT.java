package dev.weir.proxy;

import static dev.weir.proxy.FirstSteps.topics;
import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.kafka.TokenIssuer;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.cluster.Cluster;
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
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final int SESSION_MILLIS = 8_000;

    @TempDir
    private static Path dir;

    private static TestCa ca;
    private static TestCertificate weir;
    private static EmbeddedKafka kafka;
    private static TestIdp idp;
    /** Knows what Weir has to send for a token. */
    private static HttpServer tokens;

    private static final AtomicInteger TOKENS = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        idp = TestIdp.start();
        idp.lifetimeSeconds(60);
        ca = TestCa.create(dir, "ca");
        weir = ca.issue(CertificateSpec.client("CN=weir"));
        ClientListener.Sasl users = new ClientListener.Sasl(
                Map.of("weir", "secret", "kafka-payments", "p-secret"),
                Map.of("weir", "s-secret", "kafka-payments", "p-s-secret"),
                new TokenIssuer(idp.issuer(), idp.jwksUrl(), TestIdp.AUDIENCE));
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("SASL").withSasl(users))
                .listener(ClientListener.tls("SASLTLS", ca.listenerTls(ClientAuth.NONE))
                        .withSasl(users))
                .listener(ClientListener.tls("MTLS", ca.listenerTls(ClientAuth.REQUIRED)))
                .authorizer("User:weir", "User:CN=weir")
                .property("connections.max.reauth.ms", Integer.toString(SESSION_MILLIS))
                .start();
        kafka.createTopic("orders", 1);
        kafka.createTopic("payments", 1);
        kafka.createAcls(List.of(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "payments", PatternType.LITERAL),
                new AccessControlEntry("User:kafka-payments", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW))));
        tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tokens.createContext("/token", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String client = exchange.getRequestHeaders().getFirst("Authorization");
            boolean payments = ("Basic "
                            + Base64.getEncoder().encodeToString("payments:t-secret".getBytes(StandardCharsets.UTF_8)))
                    .equals(client);
            boolean known = payments
                    || ("Basic d2VpciUzQTE6cyUyNmNyZXQ=".equals(client)
                            && form.equals("grant_type=client_credentials&scope=kafka+all"));
            byte[] answer = (known
                            ? "{\"access_token\":\""
                                    + idp.token(claims -> claims.setSubject(payments ? "kafka-payments" : "weir"))
                                    + "\",\"expires_in\":60}"
                            : "{\"error\":\"invalid_client\"}")
                    .getBytes(StandardCharsets.UTF_8);
            TOKENS.incrementAndGet();
            exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        tokens.start();
    }

    @AfterAll
    static void stop() {
        tokens.stop(0);
        kafka.close();
        idp.close();
    }

    private static TokenEndpoint endpoint() {
        return new TokenEndpoint(
                URI.create("http://127.0.0.1:" + tokens.getAddress().getPort() + "/token"),
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
                new Way("SASLTLS", tls, new UpstreamSasl.Token(endpoint())),
                new Way("MTLS", mutual, null));
    }

    /** One client of each way, all at the same time: it takes as long as two of the brokers' sessions. */
    @Test
    void brokersKnowWeirAndTakeItsWordAgain() {
        List<InUse> all = new ArrayList<>();
        try (LogCapture log = LogCapture.of(Cluster.class.getName())) {
            ways().map(InUse::new).forEach(all::add);
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SESSION_MILLIS * 2);
            awaitSettled().until(() -> {
                all.forEach(InUse::use);
                return System.nanoTime() > until;
            });
            all.forEach(InUse::verify);
            assertThat(log.events())
                    .as("Weir's own questions go on, too, when a session ends")
                    .noneMatch(event -> event.getMessage().equals("cluster does not answer"));
        } finally {
            all.forEach(InUse::close);
        }
    }

    /** The topics that Kafka's own client sees. */
    private static Set<String> seenThrough(ProxyFixture proxy) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", proxy.bootstrap()))) {
            return admin.listTopics().names().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A proxy that comes to brokers by one way, and a client of it. */
    private static final class InUse implements AutoCloseable {
        private final Way way;
        private final ProxyFixture proxy;
        private final RawKafkaConnection client;

        InUse(Way way) {
            this.way = way;
            this.proxy = ProxyFixture.inFrontOf(kafka.bootstrap(way.listener()))
                    .upstream(way.tls(), way.sasl())
                    .start();
            this.client = RawKafkaConnection.open(proxy.bootstrap());
        }

        void use() {
            assertThat(topics(client)).as(way.toString()).contains("orders");
        }

        void verify() {
            assertThat(proxy.metrics().listener("plain").connectionsAccepted())
                    .as("by " + way + " on one connection all the time, though brokers end sessions after "
                            + SESSION_MILLIS + " ms")
                    .isEqualTo(1);
            assertThat(seenThrough(proxy)).as(way.toString()).contains("orders");
            assertThat(proxy.metrics().upstream("main").failures())
                    .as(way.toString())
                    .isZero();
        }

        @Override
        public void close() {
            client.close();
            proxy.close();
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
                .start()) {
            assertThat(seenThrough(proxy)).containsExactly("payments");
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
