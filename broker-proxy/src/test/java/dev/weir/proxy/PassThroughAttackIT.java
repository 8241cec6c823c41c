package dev.weir.proxy;

import static dev.weir.proxy.PassThroughMesh.AUTHENTICATE_VERSION;
import static dev.weir.proxy.PassThroughMesh.METADATA_VERSION;
import static dev.weir.proxy.PassThroughMesh.authenticate;
import static dev.weir.proxy.PassThroughMesh.handshake;
import static dev.weir.proxy.PassThroughMesh.jwt;
import static dev.weir.proxy.PassThroughMesh.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.net.RawKafkaConnection;
import java.util.stream.Stream;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that want to be somebody else, where brokers decide log-ins. */
class PassThroughAttackIT {
    /** Longer than the tests take. */
    private static final int SESSION_MILLIS = 600_000;

    @RegisterExtension
    static final PassThroughMesh MESH = new PassThroughMesh(SESSION_MILLIS);

    /** What a client sends first, and never gets in with. */
    record Lie(String name, String mechanism, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Lie> lies() {
        String fresh = MESH.token("alice", 60);
        return Stream.of(
                new Lie("another authorization id", "PLAIN", "bob\0alice\0a-password"),
                new Lie("a fourth part", "PLAIN", "\0alice\0a-password\0bob"),
                new Lie("no user", "PLAIN", "\0\0a-password"),
                new Lie("everybody", "PLAIN", "\0*\0a-password"),
                new Lie("nobody's name", "PLAIN", "\0anonymous\0a-password"),
                new Lie("a line break", "PLAIN", "\0alice\nadmin\0a-password"),
                new Lie("a very long name", "PLAIN", "\0" + "x".repeat(300_000) + "\0a-password"),
                new Lie("everybody", "SCRAM-SHA-256", "n,,n=*,r=nonce"),
                new Lie("nobody's name", "SCRAM-SHA-256", "n,,n=anonymous,r=nonce"),
                new Lie("a line break", "SCRAM-SHA-256", "n,,n=alice\nadmin,r=nonce"),
                new Lie("a very long name", "SCRAM-SHA-256", "n,,n=" + "x".repeat(300_000) + ",r=nonce"),
                new Lie("another authorization id", "SCRAM-SHA-256", "n,a=bob,n=alice,r=nonce"),
                new Lie("a delegation token", "SCRAM-SHA-256", "n,,n=alice,r=nonce,tokenauth=true"),
                new Lie("two names", "SCRAM-SHA-256", "n,,n=alice,n=bob,r=nonce"),
                new Lie("channel binding", "SCRAM-SHA-256", "p=tls-unique,,n=alice,r=nonce"),
                new Lie("a last message first", "SCRAM-SHA-256", "c=biws,r=nonce,p=AAAA"),
                new Lie("another authorization id", "OAUTHBEARER", "n,a=bob,\1auth=Bearer " + fresh + "\1\1"),
                new Lie(
                        "two subjects",
                        "OAUTHBEARER",
                        "n,,\1auth=Bearer " + jwt("{\"sub\":\"bob\",\"sub\":\"alice\",\"exp\":4000000000}") + "\1\1"),
                new Lie("no token of ours", "OAUTHBEARER", "n,,\1auth=Bearer opaque\1\1"),
                new Lie(
                        "everybody",
                        "OAUTHBEARER",
                        "n,,\1auth=Bearer " + jwt("{\"sub\":\"*\",\"exp\":4000000000}") + "\1\1"),
                new Lie(
                        "a line break",
                        "OAUTHBEARER",
                        "n,,\1auth=Bearer " + jwt("{\"sub\":\"alice\\nadmin\",\"exp\":4000000000}") + "\1\1"),
                new Lie(
                        "nobody's name",
                        "OAUTHBEARER",
                        "n,,\1auth=Bearer " + jwt("{\"sub\":\"anonymous\",\"exp\":4000000000}") + "\1\1"));
    }

    @ParameterizedTest(name = "{1} {0}")
    @MethodSource("liesByMechanism")
    void aLieIsRefusedBeforeTheBrokerHearsIt(Lie lie, String mechanism) {
        try (RawKafkaConnection client = MESH.open("relayed")) {
            handshake(client, mechanism);
            SaslAuthenticateResponseData answer = authenticate(client, lie.message());
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(MESH.asked()).isEmpty();
    }

    static Stream<Object[]> liesByMechanism() {
        return lies().map(lie -> new Object[] {lie, lie.mechanism()});
    }

    @Test
    void anExchangeInTheMiddleIsNoLogIn() {
        try (RawKafkaConnection client = MESH.open("relayed")) {
            handshake(client, "SCRAM-SHA-256");
            assertThat(authenticate(client, "n,,n=alice,r=nonce").errorCode()).isZero();
            client.send(new MetadataRequestData().setTopics(null), METADATA_VERSION);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        try (RawKafkaConnection client = MESH.open("relayed")) {
            handshake(client, "OAUTHBEARER");
            SaslAuthenticateResponseData challenge =
                    authenticate(client, "n,,\1auth=Bearer " + MESH.token("alice", -60) + "\1\1");
            assertThat(challenge.errorCode())
                    .as("RFC 7628 says why before it says no")
                    .isZero();
            assertThat(challenge.authBytes()).isNotEmpty();
            client.send(new MetadataRequestData().setTopics(null), METADATA_VERSION);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(MESH.asked()).isEmpty();
    }

    @Test
    void requestsSentAheadOfTheBrokersWordAreNotServed() {
        try (RawKafkaConnection client = MESH.open("relayed")) {
            client.send(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1);
            client.send(
                    new SaslAuthenticateRequestData().setAuthBytes(utf8("\0alice\0wrong-password")),
                    AUTHENTICATE_VERSION);
            client.send(new MetadataRequestData().setTopics(null), METADATA_VERSION);
            assertThat(client.receive(ApiKeys.SASL_HANDSHAKE, (short) 1)
                            .as(SaslHandshakeResponseData.class)
                            .errorCode())
                    .isZero();
            assertThat(client.receive(ApiKeys.SASL_AUTHENTICATE, AUTHENTICATE_VERSION)
                            .as(SaslAuthenticateResponseData.class)
                            .errorCode())
                    .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(MESH.asked()).isEmpty();
    }

    @Test
    void whoBeganAsOneDoesNotEndAsAnother() {
        try (RawKafkaConnection client = MESH.open("relayed")) {
            handshake(client, "SCRAM-SHA-256");
            assertThat(authenticate(client, "n,,n=alice,r=nonce").errorCode()).isZero();
            client.send(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        try (RawKafkaConnection client = MESH.open("relayed")) {
            handshake(client, "SCRAM-SHA-256");
            assertThat(authenticate(client, "n,,n=alice,r=nonce").errorCode()).isZero();
            assertThat(authenticate(client, "n,,n=bob,r=nonce").errorCode())
                    .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(MESH.asked()).isEmpty();
    }
}
