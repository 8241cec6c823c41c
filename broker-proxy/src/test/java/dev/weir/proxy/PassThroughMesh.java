package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.kafka.TokenIssuer;
import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Kafka with users of its own, and a Weir in front that passes their log-ins on. What policy is asked about is written down; it
 * allows everything. Weir's own user is another one.
 */
final class PassThroughMesh implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    static final short METADATA_VERSION = 12;
    static final short AUTHENTICATE_VERSION = 2;

    private final int sessionMillis;
    private Path folder;
    private TestIdp idp;
    private EmbeddedKafka kafka;
    private ProxyFixture weir;
    private ProxyFixture overTls;
    private final Queue<Subject> asked = new ConcurrentLinkedQueue<>();

    /** @param sessionMillis after which brokers want a new log-in */
    PassThroughMesh(int sessionMillis) {
        this.sessionMillis = sessionMillis;
    }

    @Override
    public void beforeAll(ExtensionContext tests) throws Exception {
        Map<String, String> users = Map.of("alice", "a-password", "bob", "b-password", "weir", "w-password");
        idp = TestIdp.start();
        ClientListener.Sasl all = new ClientListener.Sasl(users, users)
                .withTokens(new TokenIssuer(idp.issuer(), idp.jwksUrl(), TestIdp.AUDIENCE));
        folder = Files.createTempDirectory("weir-pass-through");
        TestCa ca = TestCa.create(folder, "ca");
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("SASL").withSasl(all))
                .listener(ClientListener.tls("TLS", ca.listenerTls(ClientAuth.NONE))
                        .withSasl(all))
                .listener(ClientListener.plaintext("PLAINONLY").withSasl(ClientListener.Sasl.plain(users)))
                .authorizer("User:weir")
                .property("connections.max.reauth.ms", Integer.toString(sessionMillis))
                .property("delegation.token.secret.key", "a-secret-of-the-test")
                .start();
        for (String topic : List.of("alices", "bobs")) {
            kafka.createTopic(topic, 1);
        }
        kafka.createAcls(List.of(acl("alice", "alices"), acl("bob", "bobs")));
        ListenerSasl any =
                relayed(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER);
        weir = proxy("SASL", any);
        overTls = proxy("TLS", new UpstreamTls(ca.pem(), null, null, true), any);
    }

    /** One more, in front of a listener of the brokers. Its listener "scram-only" offers less than "relayed". */
    ProxyFixture proxy(String brokers, ListenerSasl relayed) {
        return proxy(brokers, null, relayed);
    }

    private ProxyFixture proxy(String brokers, @Nullable UpstreamTls tls, ListenerSasl relayed) {
        return ProxyFixture.inFrontOf(kafka.bootstrap(brokers))
                .upstream(tls, UpstreamSasl.plain("weir", "w-password"))
                .policy(TestPolicy.of((subject, type, name, operation) -> {
                    asked.add(subject);
                    return true;
                }))
                .credentials(new ListenerUpstream.PassThrough(ListenerUpstream.PassThrough.PRINCIPAL_CLAIM_DEFAULT))
                .listener("relayed", null, relayed)
                .listener("scram-only", null, relayed(Mechanism.SCRAM_SHA_256))
                .start();
    }

    static ListenerSasl relayed(Mechanism... mechanisms) {
        return new ListenerSasl(List.of(mechanisms), null, null, true, 0);
    }

    ProxyFixture weir() {
        return weir;
    }

    /** The same, which comes to brokers over TLS. */
    ProxyFixture overTls() {
        return overTls;
    }

    /** Whom policy was asked about, since the test began. */
    Queue<Subject> asked() {
        return asked;
    }

    /** When all clients of the test before are gone. */
    @Override
    public void beforeEach(ExtensionContext test) {
        for (ProxyFixture proxy : List.of(weir, overTls)) {
            awaitAnswer().until(() -> proxy.metrics().listener("relayed").connectionsOpen() == 0);
        }
        asked.clear();
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException {
        overTls.close();
        weir.close();
        kafka.close();
        idp.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    RawKafkaConnection open(String listener) {
        return RawKafkaConnection.open(weir.bootstrap(listener));
    }

    static void handshake(RawKafkaConnection client, String mechanism) {
        assertThat(client.request(new SaslHandshakeRequestData().setMechanism(mechanism), (short) 1)
                        .as(SaslHandshakeResponseData.class)
                        .errorCode())
                .isZero();
    }

    static SaslAuthenticateResponseData authenticate(RawKafkaConnection client, String message) {
        return client.request(new SaslAuthenticateRequestData().setAuthBytes(utf8(message)), AUTHENTICATE_VERSION)
                .as(SaslAuthenticateResponseData.class);
    }

    /** Brokers ask it for keys, and take its tokens alone. */
    TestIdp idp() {
        return idp;
    }

    /** Signed by the brokers' issuer. */
    String token(String subject, int lastsSeconds) {
        return idp.token(claims(subject, lastsSeconds));
    }

    static Consumer<JwtClaims> claims(String subject, int lastsSeconds) {
        return claims -> {
            NumericDate now = NumericDate.now();
            claims.setSubject(subject);
            claims.setStringListClaim("teams", "shop", "web");
            claims.setIssuedAt(NumericDate.fromSeconds(now.getValue() - 120));
            claims.setExpirationTime(NumericDate.fromSeconds(now.getValue() + lastsSeconds));
        };
    }

    /** Unsigned: RFC 7515, with the algorithm none. */
    static String jwt(String payload) {
        return base64("{\"alg\":\"none\"}") + "." + base64(payload) + ".";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(utf8(text));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AclBinding acl(String user, String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", AclOperation.WRITE, AclPermissionType.ALLOW));
    }
}
