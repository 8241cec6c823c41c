package dev.weir.proxy;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A proxy whose listeners take tokens, of an identity provider that is well, one that has moods, and one that was never there. */
final class TokenFixture implements AutoCloseable {
    static final String BEARER = "OAUTHBEARER";
    private static final int KEYS_KEPT_MILLIS = 3_600_000;

    private final FakeBroker broker = FakeBroker.start();
    private final TestIdp idp = TestIdp.start();
    private final TestIdp moody = TestIdp.start();
    private final TestIdp gone = TestIdp.start();
    private final TestCa ca;
    private final ProxyFixture weir;

    /** @param dir for its files */
    TokenFixture(Path dir, PolicySnapshot policy) {
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        gone.down(true);
        ca = TestCa.create(dir, "ca");
        ListenerTls tls = TestTls.of(ca.issue(CertificateSpec.server()));
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .policy(policy)
                .listener("tokens", tls, sasl(idp, KEYS_KEPT_MILLIS))
                .listener("plaintext", null, sasl(idp, KEYS_KEPT_MILLIS))
                .listener("moody", tls, sasl(moody, KEYS_KEPT_MILLIS))
                .listener("forgetful", tls, sasl(moody, 1_500))
                .listener("gone", tls, sasl(gone, KEYS_KEPT_MILLIS))
                .start();
    }

    private static ListenerSasl sasl(TestIdp issuer, long keysKeptMillis) {
        return new ListenerSasl(List.of(Mechanism.OAUTHBEARER), null, bearer(issuer, keysKeptMillis), false, 0);
    }

    private static OAuthBearerConfig bearer(TestIdp issuer, long keysKeptMillis) {
        return new OAuthBearerConfig(
                issuer.issuer(),
                null,
                List.of("other", TestIdp.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                "sub",
                "realm.roles",
                1_000,
                1_000,
                keysKeptMillis,
                null);
    }

    /** What the listener of tokens is told. */
    OAuthBearerConfig bearer() {
        return bearer(idp, KEYS_KEPT_MILLIS);
    }

    /** Of the listeners of tokens and of those in plain. */
    TestIdp idp() {
        return idp;
    }

    /** Of the listeners that are called moody and forgetful. */
    TestIdp moody() {
        return moody;
    }

    ProxyFixture weir() {
        return weir;
    }

    RawKafkaConnection tls(String listener) {
        return RawKafkaConnection.openTls(weir.bootstrap(listener), ca.clientSockets(null));
    }

    static SaslAuthenticateResponseData logIn(SaslTalk talk, String token) {
        talk.handshake(BEARER);
        return talk.say(message(token));
    }

    static String message(String token) {
        return "n,,\1auth=Bearer " + token + "\1\1";
    }

    boolean canLogIn(String listener, TestIdp issuer) {
        try (RawKafkaConnection client = tls(listener)) {
            SaslAuthenticateResponseData answer = logIn(new SaslTalk(client), issuer.token(claims -> {}));
            return answer.errorCode() == Errors.NONE.code() && answer.authBytes().length == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        weir.close();
        broker.close();
        Stream.of(idp, moody, gone).forEach(TestIdp::close);
    }
}
