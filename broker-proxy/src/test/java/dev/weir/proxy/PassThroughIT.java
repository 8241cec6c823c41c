package dev.weir.proxy;

import static dev.weir.proxy.FirstSteps.produce;
import static dev.weir.proxy.FirstSteps.topics;
import static dev.weir.proxy.PassThroughMesh.authenticate;
import static dev.weir.proxy.PassThroughMesh.handshake;
import static dev.weir.proxy.PassThroughMesh.jwt;
import static dev.weir.proxy.PassThroughMesh.utf8;
import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The broker authenticates, and Weir learns who. Kafka's ACLs know the users, so that they and what policy was asked can be
 * held against each other.
 */
class PassThroughIT {
    /** Brokers want a new log-in after this. */
    private static final int SESSION_MILLIS = 6_000;

    @RegisterExtension
    static final PassThroughMesh MESH = new PassThroughMesh(SESSION_MILLIS);

    static Stream<Mechanism> mechanisms() {
        return Stream.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void brokerAndPolicySeeTheSameUser(Mechanism mechanism) throws Exception {
        produce(client(mechanism, "alice", "a-password"), "alices");
        assertThat(MESH.asked()).isNotEmpty().allSatisfy(subject -> {
            assertThat(subject.principal().name()).isEqualTo("alice");
            assertThat(subject.mechanism()).isEqualTo(mechanism);
            if (mechanism == Mechanism.OAUTHBEARER) {
                assertThat(subject.claims()).containsEntry("teams", List.of("shop", "web"));
            } else {
                assertThat(subject.claims()).isEmpty();
            }
        });
        assertThatThrownBy(() -> produce(client(mechanism, "alice", "a-password"), "bobs"))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(MESH.weir().denials()).as("it was Kafka that refused").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void towardsTheBrokerTheLogInMayGoOverTls(Mechanism mechanism) throws Exception {
        Map<String, Object> client = new HashMap<>(client(mechanism, "alice", "a-password"));
        client.put("bootstrap.servers", MESH.overTls().bootstrap("relayed"));
        produce(client, "alices");
        assertThat(MESH.asked())
                .isNotEmpty()
                .allSatisfy(subject -> assertThat(subject.principal().name()).isEqualTo("alice"));
        assertThatThrownBy(() -> produce(client, "bobs")).hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void whomTheBrokerRefusesIsRefusedInItsWords(Mechanism mechanism) {
        long before = refused("relayed");
        Map<String, Object> client = mechanism == Mechanism.OAUTHBEARER
                ? tokenClient(MESH.token("alice", -60))
                : client(mechanism, "alice", "wrong-password");
        assertThatThrownBy(() -> {
                    try (Admin admin = Admin.create(client)) {
                        admin.listTopics().names().get(30, TimeUnit.SECONDS);
                    }
                })
                .hasCauseInstanceOf(SaslAuthenticationException.class);
        assertThat(refused("relayed")).isGreaterThan(before);
        assertThat(MESH.asked()).isEmpty();
    }

    static Stream<String> tokensThatTheBrokerDoesNotTake() {
        TestIdp idp = MESH.idp();
        return Stream.of(
                TestIdp.sign(
                        idp.claims(PassThroughMesh.claims("alice", 60)),
                        idp.newKey(),
                        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256),
                idp.token(PassThroughMesh.claims("alice", 60).andThen(claims -> claims.setAudience("another"))),
                jwt("{\"sub\":\"alice\",\"iss\":\"" + idp.issuer()
                        + "\",\"aud\":\"kafka\",\"iat\":1,\"exp\":4000000000}"));
    }

    /** Weir has no key to see that by, and does not look: it knows nobody before the broker has said yes. */
    @ParameterizedTest
    @MethodSource("tokensThatTheBrokerDoesNotTake")
    void aTokenIsTheBrokersToVerify(String token) {
        try (RawKafkaConnection client = MESH.open("relayed")) {
            handshake(client, "OAUTHBEARER");
            SaslAuthenticateResponseData challenge = authenticate(client, "n,,\1auth=Bearer " + token + "\1\1");
            assertThat(new String(challenge.authBytes(), StandardCharsets.UTF_8))
                    .contains("invalid_token");
            assertThat(authenticate(client, "\1").errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(MESH.asked()).isEmpty();
    }

    @Test
    void kcatLogsInAtTheBrokerToo() {
        ClientAccess access = ClientAccess.saslPlain(MESH.weir().bootstrap("relayed"), "bob", "b-password");
        assertThat(new KcatClient()
                        .run(new ClientTask.Produce("bobs", 3), access)
                        .acked())
                .hasSize(3);
        assertThat(MESH.asked())
                .extracting(subject -> subject.principal().name())
                .containsOnly("bob");
    }

    @Test
    void onlyWhatTheListenerOffersIsPassedOn() {
        try (RawKafkaConnection client = MESH.open("scram-only")) {
            SaslHandshakeResponseData answer = client.request(
                            new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1)
                    .as(SaslHandshakeResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).containsExactly("SCRAM-SHA-256");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void whatTheBrokerDoesNotOfferIsSaidSo() {
        try (ProxyFixture plainBehind =
                        MESH.proxy("PLAINONLY", PassThroughMesh.relayed(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256));
                RawKafkaConnection client = RawKafkaConnection.open(plainBehind.bootstrap("relayed"))) {
            handshake(client, "SCRAM-SHA-256");
            SaslAuthenticateResponseData answer = authenticate(client, "n,,n=alice,r=nonce");
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(answer.errorMessage()).contains("does not take SASL mechanism SCRAM-SHA-256");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void anOldClientMayPassABareToken() {
        try (RawKafkaConnection client = MESH.open("relayed")) {
            client.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 0);
            client.sendFrame(utf8("\0alice\0a-password"));
            assertThat(client.receiveFrame()).isEmpty();
            assertThat(topics(client)).contains("alices").doesNotContain("bobs");
        }
    }

    @Test
    void aSessionIsGoneOnWithOnTheSameConnectionButNotBySomebodyElse() {
        try (RawKafkaConnection alice = MESH.open("relayed").login("alice", "a-password")) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SESSION_MILLIS * 3 / 2);
            long[] again = {System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SESSION_MILLIS / 2)};
            awaitSettled().until(() -> {
                if (System.nanoTime() > again[0]) {
                    alice.login("alice", "a-password");
                    again[0] = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SESSION_MILLIS / 2);
                }
                assertThat(topics(alice)).contains("alices");
                return System.nanoTime() > until;
            });
            awaitSettled()
                    .until(() -> alice.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1)
                                    .as(SaslHandshakeResponseData.class)
                                    .errorCode()
                            == Errors.NONE.code()); // once a second
            SaslAuthenticateResponseData answer = authenticate(alice, "\0bob\0b-password");
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(answer.errorMessage()).contains("Cannot change principals");
            assertThat(alice.awaitClosedInSilence()).isTrue();
            assertThat(MESH.asked())
                    .extracting(subject -> subject.principal().name())
                    .doesNotContain("bob");
        }
    }

    @Test
    void aDelegationTokenIsTheUsers() throws Exception {
        try (Admin admin = Admin.create(client(Mechanism.SCRAM_SHA_256, "alice", "a-password"))) {
            assertThat(admin.createDelegationToken()
                            .delegationToken()
                            .get(30, TimeUnit.SECONDS)
                            .tokenInfo()
                            .ownerAsString())
                    .isEqualTo("User:alice");
        }
    }

    private static long refused(String listener) {
        ListenerMetrics metrics = MESH.weir().metrics().listener(listener);
        return metrics.connectionsRefused(RefusalReason.CREDENTIALS);
    }

    private static Map<String, Object> client(Mechanism mechanism, String user, String password) {
        if (mechanism == Mechanism.OAUTHBEARER) {
            return tokenClient(MESH.token(user, 60));
        }
        String module = mechanism == Mechanism.PLAIN ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return client(
                mechanism,
                "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    private static Map<String, Object> client(Mechanism mechanism, String jaas) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", MESH.weir().bootstrap("relayed"));
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", mechanism.wireName());
        settings.put("sasl.jaas.config", jaas);
        return settings;
    }

    /** A client that shows this very token. */
    private static Map<String, Object> tokenClient(String token) {
        return new HashMap<>(ClientAccess.oauthBearer(MESH.weir().bootstrap("relayed"), token)
                .javaProperties());
    }
}
