package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientReport;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.clients.ScriptClient;
import dev.weir.testkit.idp.TestIdp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka's own client with tokens that it gets for itself, and renews, over and over while it works; and without TLS. */
class TokenClientsIT {
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    /** A client logs in again a twentieth of it before the end, at the latest: that is a second. */
    private static final int TOKEN_SECONDS = 20;

    private static final String TOPIC = "token-orders";
    private static final String PASSWORD = "a-password";
    private static final List<Mechanism> ALL =
            List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER);

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static TestIdp idp;
    private static TestCa ca;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .start();
        kafka.createTopic(TOPIC, 1);
        idp = TestIdp.start();
        idp.lifetimeSeconds(TOKEN_SECONDS);
        System.setProperty(ALLOWED_URLS, idp.tokenEndpoint());
        ca = TestCa.create(dir, "ca");
        TestCertificate server = ca.issue(CertificateSpec.server());
        OAuthBearerConfig issuer = new OAuthBearerConfig(
                idp.issuer(),
                null,
                List.of(TestIdp.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                "sub",
                "",
                1_000,
                1_000,
                60_000,
                null);
        weir = ProxyFixture.inFrontOf(kafka.bootstrap("PLAINTEXT"))
                .policy(TestPolicy.of((subject, type, name, operation) ->
                        subject.principal().name().equals("checkout")))
                .listener(
                        "tokens",
                        new ListenerTls(
                                server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of()),
                        new ListenerSasl(List.of(Mechanism.OAUTHBEARER), null, issuer, false, 0))
                .listener(
                        "lasting",
                        new ListenerTls(
                                server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of()),
                        new ListenerSasl(List.of(Mechanism.OAUTHBEARER), null, issuer, false, 0))
                .listener("plaintext", null, new ListenerSasl(ALL, users(), issuer, true, 0))
                .start();
    }

    private static Path users() throws IOException {
        return Files.write(
                dir.resolve("users"),
                List.of(
                        "checkout:"
                                + PasswordHash.create(PASSWORD, PasswordHash.ITERATIONS_MIN)
                                        .encoded(),
                        "checkout:"
                                + ScramKeys.create(Mechanism.SCRAM_SHA_256, PASSWORD, ScramKeys.ITERATIONS_MIN)
                                        .encoded(),
                        "checkout:"
                                + ScramKeys.create(Mechanism.SCRAM_SHA_512, PASSWORD, ScramKeys.ITERATIONS_MIN)
                                        .encoded()));
    }

    @AfterAll
    static void stop() {
        System.clearProperty(ALLOWED_URLS);
        weir.close();
        idp.close();
        kafka.close();
    }

    @Test
    @Timeout(120)
    void aProducerOutlivesItsTokensAndLosesNothing() throws Exception {
        // a connection to the bootstrap port, one to the broker, and two renewals
        int wanted = 4;
        long sent = 0;
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties())) {
            while (weir.metrics().listener("tokens").logins(Mechanism.OAUTHBEARER, true) < wanted) {
                assertThat(producer.send(new ProducerRecord<>(TOPIC, "k", "v" + sent))
                                .get(30, TimeUnit.SECONDS)
                                .offset())
                        .isEqualTo(sent);
                sent++;
            }
        }
        assertThat(sent).isPositive();
        assertThat(weir.metrics().listener("tokens").logins(Mechanism.OAUTHBEARER, false))
                .isZero();
        assertThat(weir.metrics().listener("tokens").sessionsEnded(SessionEnd.EXPIRED))
                .isZero();
    }

    /** Where the network is trusted, and the listener says so. */
    @ParameterizedTest
    @FieldSource("ALL")
    @Timeout(120)
    void everyMechanismNamesAProducerWithoutTls(Mechanism mechanism) throws Exception {
        Map<String, Object> properties = new HashMap<>();
        if (mechanism == Mechanism.OAUTHBEARER) {
            properties.putAll(token());
            properties.put("bootstrap.servers", weir.bootstrap("plaintext"));
            properties.put("security.protocol", "SASL_PLAINTEXT");
        } else {
            String bootstrap = weir.bootstrap("plaintext");
            ClientAccess access = mechanism == Mechanism.PLAIN
                    ? ClientAccess.saslPlain(bootstrap, "checkout", PASSWORD)
                    : ClientAccess.saslScram(bootstrap, "checkout", PASSWORD, mechanism.wireName());
            properties.putAll(access.javaProperties());
        }
        properties.put("key.serializer", StringSerializer.class);
        properties.put("value.serializer", StringSerializer.class);
        kafka.createTopic("plaintext-" + mechanism, 1);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties)) {
            assertThat(producer.send(new ProducerRecord<>("plaintext-" + mechanism, "v"))
                            .get(60, TimeUnit.SECONDS)
                            .offset())
                    .isZero();
        }
        assertThat(weir.metrics().listener("plaintext").logins(mechanism, true)).isPositive();
    }

    /** All that can be given a token. Not kcat: it would have to get one itself, and Debian builds its library without that. */
    static List<KafkaClient> clients() {
        return KafkaClient.all().stream()
                .filter(client -> !(client instanceof KcatClient))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    @Timeout(120)
    void everyClientThatCanBeGivenATokenComesIn(KafkaClient client) {
        String topic = "others-" + client.name().toLowerCase(Locale.ROOT);
        kafka.createTopic(topic, 1);
        long before = weir.metrics().listener("lasting").logins(Mechanism.OAUTHBEARER, true);
        String token = idp.token(claims -> {
            claims.setSubject("checkout");
            claims.setExpirationTimeMinutesInTheFuture(10);
        });
        ClientAccess access =
                ClientAccess.oauthBearer(weir.bootstrap("lasting"), token).withTls(ca);
        ClientReport produced = client.run(new ClientTask.Produce(topic, 2), access);
        assertThat(produced.errors()).isEmpty();
        assertThat(produced.acked()).hasSize(2);
        ClientReport consumed = client.run(new ClientTask.Consume(topic, "group-" + topic, 2), access);
        assertThat(consumed.errors()).isEmpty();
        assertThat(consumed.values()).containsExactly("v0", "v1");
        assertThat(weir.metrics().listener("lasting").logins(Mechanism.OAUTHBEARER, true))
                .isGreaterThan(before);
    }

    static List<KafkaClient> clientsThatAreGivenATokenAndSayWhatIsWrong() {
        return List.of(
                new JavaClient("4.3.1", Map.of()),
                ScriptClient.CONFLUENT_PYTHON,
                ScriptClient.KAFKAJS,
                ScriptClient.PLATFORMATIC);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clientsThatAreGivenATokenAndSayWhatIsWrong")
    @Timeout(120)
    void withATokenThatHasEndedNobodyComesIn(KafkaClient client) {
        String ended = idp.token(claims -> {
            claims.setSubject("checkout");
            claims.setExpirationTimeMinutesInTheFuture(-1);
        });
        ClientReport report = client.run(
                new ClientTask.Produce(TOPIC, 1),
                ClientAccess.oauthBearer(weir.bootstrap("lasting"), ended).withTls(ca));
        assertThat(report.acked()).isEmpty();
        assertThat(report.errors()).isNotEmpty();
    }

    private static Map<String, Object> properties() {
        Map<String, Object> properties = token();
        properties.put("bootstrap.servers", weir.bootstrap("tokens"));
        properties.put("security.protocol", "SASL_SSL");
        properties.put("ssl.truststore.type", "PEM");
        properties.put("ssl.truststore.location", ca.pem().toString());
        properties.put("sasl.login.refresh.min.period.seconds", "0");
        properties.put("sasl.login.refresh.buffer.seconds", "0");
        // it has the next one before it logs in again, and not just then
        properties.put("sasl.login.refresh.window.jitter", "0");
        properties.put("key.serializer", StringSerializer.class);
        properties.put("value.serializer", StringSerializer.class);
        return properties;
    }

    /** To log in by a token of the issuer. */
    private static Map<String, Object> token() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("sasl.mechanism", "OAUTHBEARER");
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                        + " clientId=\"checkout\" clientSecret=\"s\";");
        properties.put("sasl.oauthbearer.token.endpoint.url", idp.tokenEndpoint());
        properties.put(
                "sasl.login.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
        return properties;
    }
}
