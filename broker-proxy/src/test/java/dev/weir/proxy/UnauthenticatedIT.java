package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever has not logged in yet may ask which versions there are, and log in. Every other request of the protocol ends the
 * connection, at whatever point of the log-in it comes and whoever decides it, and no broker and no policy hears of it.
 */
class UnauthenticatedIT {
    private static final String USERS = "users";
    private static final String TOKENS = "tokens";
    private static final String RELAYED = "relayed";

    /** What clients have no part in: brokers and controllers among themselves. Weir serves none of it to anybody. */
    private static final Set<ApiKeys> OF_CLIENTS = EnumSet.copyOf(ApiKeys.clientApis());

    private static final AtomicBoolean ASKED = new AtomicBoolean();

    @TempDir
    private static Path dir;

    private static TestIdp idp;
    private static FakeBroker broker;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() throws IOException {
        idp = TestIdp.start();
        broker = FakeBroker.start();
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        Path users = Files.write(
                dir.resolve("users"),
                List.of(
                        "shop:"
                                + PasswordHash.create("pw", PasswordHash.ITERATIONS_MIN)
                                        .encoded(),
                        "shop:"
                                + ScramKeys.create(Mechanism.SCRAM_SHA_256, "pw", ScramKeys.ITERATIONS_MIN)
                                        .encoded()));
        OAuthBearerConfig issuer = new OAuthBearerConfig(
                idp.issuer(),
                null,
                List.of(TestIdp.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                "sub",
                "",
                1_000,
                60_000,
                3_600_000,
                null);
        List<Mechanism> byPassword = List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256);
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .policy(TestPolicy.of((subject, type, name, operation) -> {
                    ASKED.set(true);
                    return true;
                }))
                .listener(USERS, null, new ListenerSasl(byPassword, users, null, true, 0))
                .listener(TOKENS, null, new ListenerSasl(List.of(Mechanism.OAUTHBEARER), null, issuer, true, 0))
                .credentials(new ListenerUpstream.PassThrough("sub"))
                .listener(RELAYED, null, new ListenerSasl(byPassword, null, null, true, 0))
                .start();
        // it has the issuer's keys
        awaitAnswer().until(() -> inTheMiddle(TOKENS));
    }

    @AfterAll
    static void stop() {
        weir.close();
        broker.close();
        idp.close();
    }

    private static boolean inTheMiddle(String listener) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(listener))) {
            return Moment.IN_THE_EXCHANGE.reach(client, listener) == Errors.NONE.code();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** How far a client has come with its log-in. */
    enum Moment {
        AT_ONCE {
            @Override
            short reach(RawKafkaConnection client, String listener) {
                return Errors.NONE.code();
            }
        },
        AFTER_VERSIONS {
            @Override
            short reach(RawKafkaConnection client, String listener) {
                return client.request(
                                new ApiVersionsRequestData()
                                        .setClientSoftwareName("a")
                                        .setClientSoftwareVersion("1"),
                                (short) 3)
                        .as(ApiVersionsResponseData.class)
                        .errorCode();
            }
        },
        AFTER_THE_HANDSHAKE {
            @Override
            short reach(RawKafkaConnection client, String listener) {
                return new SaslTalk(client).handshake(mechanism(listener)).errorCode();
            }
        },
        /** One message was answered with a challenge; with OAUTHBEARER, with why it is going to be refused (RFC 7628). */
        IN_THE_EXCHANGE {
            @Override
            short reach(RawKafkaConnection client, String listener) {
                SaslTalk talk = new SaslTalk(client);
                talk.handshake(mechanism(listener));
                SaslAuthenticateResponseData answer =
                        talk.say(listener.equals(TOKENS) ? "n,,\1auth=Bearer a.b.c\1\1" : "n,,n=shop,r=nonce");
                return answer.errorCode();
            }
        };

        /** Comes there, and returns the last answer's error code. */
        abstract short reach(RawKafkaConnection client, String listener);

        private static String mechanism(String listener) {
            return listener.equals(TOKENS) ? "OAUTHBEARER" : "SCRAM-SHA-256";
        }

        /** Whether this request belongs here. */
        boolean isDue(ApiKeys api) {
            return switch (api) {
                case API_VERSIONS -> true;
                case SASL_HANDSHAKE -> this == AT_ONCE || this == AFTER_VERSIONS;
                case SASL_AUTHENTICATE -> this == AFTER_THE_HANDSHAKE || this == IN_THE_EXCHANGE;
                default -> false;
            };
        }
    }

    /** A request that comes too early. */
    record Attempt(String listener, Moment moment, ApiKeys api) {}

    static Stream<Attempt> attempts() {
        return Stream.of(USERS, TOKENS, RELAYED)
                .flatMap(listener -> Stream.of(Moment.values())
                        .flatMap(moment -> Stream.of(ApiKeys.values())
                                .filter(api -> api.hasValidVersion() && !moment.isDue(api))
                                .map(api -> new Attempt(listener, moment, api))));
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void itIsClosedAndNobodyHearsOfIt(Attempt early) {
        ListenerMetrics metrics = weir.metrics().listener(early.listener());
        long before = metrics.framesMalformed();
        long outOfPlace = metrics.framesMalformed(MalformedReason.OUT_OF_PLACE);
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(early.listener()))) {
            assertThat(early.moment().reach(client, early.listener())).isZero();
            client.send(
                    ApiMessageType.fromApiKey(early.api().id).newRequest(),
                    early.api().latestVersion());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(metrics.framesMalformed()).isEqualTo(before + 1);
        if (OF_CLIENTS.contains(early.api())) {
            assertThat(metrics.framesMalformed(MalformedReason.OUT_OF_PLACE)).isEqualTo(outOfPlace + 1);
        }
        assertNothingWasHeard();
    }

    private static void assertNothingWasHeard() {
        assertThat(broker.requests()).isZero();
        assertThat(ASKED).isFalse();
    }

    @Test
    void everyApiOfClientsIsAmongThem() {
        assertThat(attempts().filter(attempt -> attempt.moment() == Moment.AT_ONCE))
                .extracting(Attempt::api)
                .containsAll(OF_CLIENTS.stream()
                        .filter(api -> api != ApiKeys.API_VERSIONS && api != ApiKeys.SASL_HANDSHAKE)
                        .toList());
    }
}
