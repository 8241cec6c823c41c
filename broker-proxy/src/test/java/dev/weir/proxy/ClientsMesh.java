package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitSettled;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * One cluster with two proxies in front: one reaches the brokers in plaintext, the other with a password over TLS. Both offer
 * clients the same three ways in.
 *
 * <p>Policy, on both: nobody reads or writes the topic {@value #FORBIDDEN}; topics that begin with {@code alice-} and
 * {@code checkout-} are for the bearer of that name alone; everything else is allowed.
 */
final class ClientsMesh implements AutoCloseable {
    static final String FORBIDDEN = "forbidden";

    private static final short INIT_PRODUCER_ID_VERSION = 4;
    private static final List<Mechanism> MECHANISMS =
            List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512);
    private static final String ALICE = "alice";
    private static final String ALICES_PASSWORD = "a-password";
    /** Short, so that clients log in again while a test uses them; kafkajs does so from ten seconds before the end. */
    private static final long SESSION_MILLIS = 12_000;

    private static final String CHECKOUT = "spiffe://weir.test/checkout";
    private static final UpstreamSasl.Password WEIR = new UpstreamSasl.Password(Mechanism.PLAIN, "weir", "w-password");

    private final TestCa ca;
    private final TestCertificate checkout;
    private final EmbeddedKafka kafka;
    private final ProxyFixture overPlaintext;
    private final ProxyFixture overSaslTls;

    private ClientsMesh(
            TestCa ca,
            TestCertificate checkout,
            EmbeddedKafka kafka,
            ProxyFixture overPlaintext,
            ProxyFixture overSaslTls) {
        this.ca = ca;
        this.checkout = checkout;
        this.kafka = kafka;
        this.overPlaintext = overPlaintext;
        this.overSaslTls = overSaslTls;
    }

    /** Starts cluster and proxies; certificates and users are kept in {@code dir}. */
    static ClientsMesh start(Path dir) throws IOException {
        TestCa ca = TestCa.create(dir, "ca");
        EmbeddedKafka kafka = EmbeddedKafka.builder()
                .brokers(2)
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .listener(ClientListener.saslPlainOverTls(
                        "SASL", Map.of(WEIR.username(), WEIR.password()), ca.listenerTls(ClientAuth.NONE)))
                .start();
        kafka.createTopic(FORBIDDEN, 1);
        awaitProducerIds(kafka);

        PasswordHash password = PasswordHash.create(ALICES_PASSWORD, PasswordHash.ITERATIONS_MIN);
        Path users = Files.write(
                dir.resolve("users.txt"),
                List.of(
                        ALICE + ":" + password.encoded(),
                        ALICE + ":" + scramKeys(Mechanism.SCRAM_SHA_256),
                        ALICE + ":" + scramKeys(Mechanism.SCRAM_SHA_512)));
        TestCertificate server = ca.issue(CertificateSpec.server().withFileName("weir"));
        return new ClientsMesh(
                ca,
                ca.issue(CertificateSpec.spiffe(CHECKOUT)),
                kafka,
                listeners(ProxyFixture.inFrontOf(kafka.bootstrap("PLAINTEXT")), ca, server, users)
                        .start(),
                listeners(ProxyFixture.inFrontOf(kafka.bootstrap("SASL")), ca, server, users)
                        .upstream(new UpstreamTls(ca.pem(), null, null, true), WEIR)
                        .start());
    }

    private static String scramKeys(Mechanism mechanism) {
        return ScramKeys.create(mechanism, ALICES_PASSWORD, ScramKeys.ITERATIONS_MIN)
                .encoded();
    }

    /**
     * A broker gets its first producer ids from the controller when it is first asked for one, and answers that it is
     * loading until they come: some clients show that. Any broker may be asked, whichever leads a client's partitions.
     */
    private static void awaitProducerIds(EmbeddedKafka kafka) {
        for (String broker : kafka.bootstrap("PLAINTEXT").split(",")) {
            try (RawKafkaConnection connection = RawKafkaConnection.open(broker)) {
                awaitSettled()
                        .until(
                                () -> Errors.forCode(connection
                                        .request(
                                                new InitProducerIdRequestData().setTransactionalId(null),
                                                INIT_PRODUCER_ID_VERSION)
                                        .as(InitProducerIdResponseData.class)
                                        .errorCode()),
                                Errors.NONE::equals);
            }
        }
    }

    private static ProxyFixture.Builder listeners(
            ProxyFixture.Builder proxy, TestCa ca, TestCertificate server, Path users) {
        ListenerTls passwords =
                new ListenerTls(server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of());
        ListenerTls certificates = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ListenerTls.ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SAN_URI, CertificatePrincipal.SUBJECT_CN));
        return proxy.policy(TestPolicy.of((subject, type, name, operation) ->
                        type != ResourceType.TOPIC || allows(subject.principal().name(), name, operation)))
                .listener("plain", null, null)
                .listener("sasl", passwords, new ListenerSasl(MECHANISMS, users, null, false, SESSION_MILLIS))
                .listener("mtls", certificates, null);
    }

    private static boolean allows(String principal, String topic, Operation operation) {
        if (topic.startsWith("alice-")) {
            return principal.equals(ALICE);
        }
        if (topic.startsWith("checkout-")) {
            return principal.equals(CHECKOUT);
        }
        return !topic.equals(FORBIDDEN) || operation == Operation.DESCRIBE;
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    /** The proxy that reaches the brokers in plaintext. */
    ProxyFixture overPlaintext() {
        return overPlaintext;
    }

    /** The proxy that reaches the brokers with a password over TLS. */
    ProxyFixture overSaslTls() {
        return overSaslTls;
    }

    /** As anybody, in plaintext. */
    ClientAccess plain(ProxyFixture proxy) {
        return ClientAccess.plaintext(proxy.bootstrap("plain"));
    }

    /** As alice, with her password over TLS. */
    ClientAccess sasl(ProxyFixture proxy) {
        return ClientAccess.saslPlain(proxy.bootstrap("sasl"), ALICE, ALICES_PASSWORD)
                .withTls(ca);
    }

    /** As alice, by SCRAM over TLS. */
    ClientAccess scram(ProxyFixture proxy, Mechanism mechanism) {
        return ClientAccess.saslScram(proxy.bootstrap("sasl"), ALICE, ALICES_PASSWORD, mechanism.wireName())
                .withTls(ca);
    }

    /** As the service checkout, by its certificate's SPIFFE id. */
    ClientAccess mtls(ProxyFixture proxy) {
        return ClientAccess.mutualTls(proxy.bootstrap("mtls"), ca, checkout);
    }

    @Override
    public void close() {
        overPlaintext.close();
        overSaslTls.close();
        kafka.close();
    }
}
