package dev.weir.topology.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.SignedJWT;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.MockWebServerWrapper;
import no.nav.security.mock.oauth2.http.Ssl;
import no.nav.security.mock.oauth2.http.SslKeystore;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.jspecify.annotations.Nullable;

/** An identity provider on loopback that lets everybody be who a test says. */
public final class TestIdp implements AutoCloseable {
    static final String REALM = "realm";
    static final String CLIENT = "weir";
    static final int TIMEOUT_MILLIS = (int) Patience.SETTLED.toMillis();

    private final MockOAuth2Server server;

    /** @param interactive whether it asks people for a name and claims, on a page */
    public TestIdp(boolean interactive) {
        this(new OAuth2Config(interactive));
    }

    /** One that is reached over TLS, and asks nobody. */
    static TestIdp overTls(TestCertificate certificate) {
        SslKeystore keys = new SslKeystore(
                TestCa.PASSWORD, certificate.pkcs12().toFile(), SslKeystore.KeyStoreType.PKCS12, TestCa.PASSWORD);
        return new TestIdp(new OAuth2Config(
                false,
                null,
                null,
                false,
                new OAuth2TokenProvider(),
                Set.of(),
                new MockWebServerWrapper(new Ssl(keys))));
    }

    private TestIdp(OAuth2Config config) {
        server = new MockOAuth2Server(config);
        try {
            server.start(InetAddress.getByName("127.0.0.1"), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI issuer() {
        return server.issuerUrl(REALM).uri();
    }

    public OidcSettings settings(URI url, byte @Nullable [] key, long sessionMillis) {
        return settings(url, key, sessionMillis, null);
    }

    OidcSettings settings(URI url, byte @Nullable [] key, long sessionMillis, @Nullable Path trust) {
        return new OidcSettings(
                issuer(),
                CLIENT,
                null,
                url,
                List.of("profile"),
                "groups",
                Set.of("platform"),
                Set.of("oncall"),
                "weir-api",
                key == null ? null : new SecretKeySpec(key, "AES"),
                sessionMillis,
                trust,
                true);
    }

    /** A gate that gives this provider time, however busy the machine is. */
    public static OidcGate gate(Vertx vertx, OidcSettings settings, Clock clock) {
        return new OidcGate(vertx, settings, clock, new Provider(settings, clock, TIMEOUT_MILLIS));
    }

    /** Who logs in next. */
    public void next(String name, List<String> groups, Map<String, Object> more) {
        Map<String, Object> claims = new HashMap<>(Map.of("preferred_username", name, "groups", groups));
        claims.putAll(more);
        server.enqueueCallback(new DefaultOAuth2TokenCallback(REALM, name, "JWT", null, claims, 3_600));
    }

    /** A bearer token of a program. */
    public SignedJWT token(String issuer, String audience, List<String> groups, long seconds) {
        return server.issueToken(
                issuer,
                CLIENT,
                new DefaultOAuth2TokenCallback(
                        issuer, "robot", "JWT", List.of(audience), Map.of("groups", groups), seconds));
    }

    PublicKey publicKey() throws JOSEException {
        return server.getConfig()
                .getTokenProvider()
                .publicJwkSet(REALM)
                .getKeys()
                .get(0)
                .toRSAKey()
                .toPublicKey();
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
