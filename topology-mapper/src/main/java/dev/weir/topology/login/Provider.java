package dev.weir.topology.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The identity provider: asked once for its configuration, and for its keys when one is not known. Signatures only by its
 * own key pairs: neither {@code none} nor a shared secret is taken. While it is away, its last good keys serve for an hour,
 * and who asks for more is told so at once after the first. All of it may block for seconds; any thread.
 */
final class Provider {
    static final int TIMEOUT_MILLIS = 5_000;
    private static final long AWAY_MILLIS = 5_000;
    private static final long KEYS_KEPT_MILLIS = 3_600_000;
    private static final int ANSWER_BYTES_MAX = 1 << 20;
    private static final String NO_KEYS = "The identity provider's keys cannot be had now: ";
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OidcSettings settings;
    private final ClientID client;
    private final URI callback;
    private final Clock clock;
    private final int timeoutMillis;
    private final Object asking = new Object();
    private volatile @Nullable Known known;
    private @Nullable LogInFailure away;
    private long askAgainMillis;

    /** What the provider said of itself. */
    private record Known(
            OIDCProviderMetadata metadata,
            IDTokenValidator idTokens,
            DefaultJWTProcessor<SecurityContext> bearers,
            @Nullable SSLSocketFactory sockets) {}

    /** @param timeoutMillis to connect, and for an answer */
    Provider(OidcSettings settings, Clock clock, int timeoutMillis) {
        this.settings = settings;
        this.clock = clock;
        this.timeoutMillis = timeoutMillis;
        this.client = new ClientID(settings.clientId());
        this.callback = URI.create(settings.url() + OidcGate.CALLBACK);
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    /** One asks, and whoever comes meanwhile waits for the same answer: that it is away holds for a few seconds. */
    private Known known() throws LogInFailure {
        Known before = known;
        if (before != null) {
            return before;
        }
        synchronized (asking) {
            Known now = known;
            if (now != null) {
                return now;
            }
            if (away != null && clock.millis() < askAgainMillis) {
                throw away;
            }
            try {
                now = ask();
                known = now;
                return now;
            } catch (LogInFailure failure) {
                away = failure;
                askAgainMillis = clock.millis() + AWAY_MILLIS;
                throw failure;
            }
        }
    }

    private Known ask() throws LogInFailure {
        Issuer issuer = new Issuer(settings.issuer());
        try {
            SSLSocketFactory sockets = settings.trust() == null ? null : ProviderTrust.sockets(settings.trust());
            OIDCProviderMetadata metadata = OIDCProviderMetadata.resolve(issuer, request -> prepare(request, sockets));
            Endpoints.check(settings.issuer(), metadata);
            JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                            metadata.getJWKSetURI().toURL(),
                            new DefaultResourceRetriever(timeoutMillis, timeoutMillis, ANSWER_BYTES_MAX, true, sockets))
                    .refreshAheadCache(false)
                    .outageTolerant(KEYS_KEPT_MILLIS)
                    .retrying(true)
                    .build();
            JWSVerificationKeySelector<SecurityContext> selector = new JWSVerificationKeySelector<>(ALGORITHMS, keys);
            DefaultJWTProcessor<SecurityContext> bearers = new DefaultJWTProcessor<>();
            bearers.setJWSKeySelector(selector);
            bearers.setJWSTypeVerifier(
                    new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
            bearers.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                    settings.audience(),
                    new JWTClaimsSet.Builder().issuer(issuer.getValue()).build(),
                    Set.of("sub", "exp")));
            return new Known(metadata, new IDTokenValidator(issuer, client, selector, null), bearers, sockets);
        } catch (GeneralException | IOException | IllegalArgumentException e) {
            throw new LogInFailure(
                    503,
                    "The identity provider " + settings.issuer() + " does not say how to log in: "
                            + FailureWords.ofItself(e),
                    e);
        }
    }

    private void prepare(HTTPRequest request, @Nullable SSLSocketFactory sockets) {
        request.setConnectTimeout(timeoutMillis);
        request.setReadTimeout(timeoutMillis);
        if (sockets != null) {
            request.setSSLSocketFactory(sockets);
        }
    }

    /**
     * Where a browser is sent to log in.
     *
     * @param again whether to ask who it is in any case: whoever has no role, or logged out, may be somebody else
     */
    URI logIn(State state, Nonce nonce, CodeVerifier verifier, boolean again) throws LogInFailure {
        Scope scope = new Scope("openid");
        settings.scopes().forEach(scope::add);
        return new AuthenticationRequest.Builder(ResponseType.CODE, scope, client, callback)
                .endpointURI(known().metadata.getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .prompt(again ? new Prompt(Prompt.Type.LOGIN) : null)
                .build()
                .toURI();
    }

    /**
     * Where a browser is sent to end its session at the provider, too; empty where there is no such place.
     *
     * @param idToken that the provider gave at the log-in, so that it need not ask; empty when it is not known any more
     */
    Optional<URI> logOut(String idToken) throws LogInFailure {
        URI end = known().metadata.getEndSessionEndpointURI();
        if (end == null) {
            return Optional.empty();
        }
        String query = "client_id=" + OidcGate.encoded(settings.clientId()) + "&post_logout_redirect_uri="
                + OidcGate.encoded(settings.url() + "/")
                + (idToken.isEmpty() ? "" : "&id_token_hint=" + OidcGate.encoded(idToken));
        return Optional.of(URI.create(end + (end.getRawQuery() == null ? "?" : "&") + query));
    }

    /** Exchanges what the browser brought back for who it is. */
    LoggedIn redeem(String code, Nonce nonce, CodeVerifier verifier) throws LogInFailure {
        Known provider = known();
        AuthorizationCodeGrant grant = new AuthorizationCodeGrant(new AuthorizationCode(code), callback, verifier);
        URI endpoint = provider.metadata.getTokenEndpointURI();
        String secret = settings.clientSecret();
        TokenRequest request = secret == null
                ? new TokenRequest.Builder(endpoint, client, grant).build()
                : new TokenRequest.Builder(endpoint, new ClientSecretBasic(client, new Secret(secret)), grant).build();
        try {
            HTTPRequest http = request.toHTTPRequest();
            prepare(http, provider.sockets);
            http.setFollowRedirects(false);
            TokenResponse response = OIDCTokenResponseParser.parse(http.send());
            if (!(response instanceof OIDCTokenResponse tokens)
                    || tokens.getOIDCTokens().getIDToken() == null) {
                throw new LogInFailure(403, "The identity provider did not take the log-in.");
            }
            JWT idToken = tokens.getOIDCTokens().getIDToken();
            return new LoggedIn(
                    provider.idTokens.validate(idToken, nonce).toJWTClaimsSet().getClaims(),
                    String.valueOf(idToken.getParsedString()));
        } catch (IOException e) {
            throw new LogInFailure(503, "The identity provider does not answer: " + FailureWords.ofItself(e), e);
        } catch (KeySourceException e) {
            throw new LogInFailure(503, NO_KEYS + FailureWords.ofItself(e), e);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw new LogInFailure(403, "The identity provider's answer is not to be trusted: " + e.getMessage(), e);
        }
    }

    /** The claims of a bearer token that is good. */
    Map<String, Object> bearer(String token) throws LogInFailure {
        try {
            return known().bearers.process(token, null).getClaims();
        } catch (KeySourceException e) {
            throw new LogInFailure(503, NO_KEYS + FailureWords.ofItself(e), e);
        } catch (java.text.ParseException | BadJOSEException | JOSEException e) {
            throw new LogInFailure(401, "The bearer token is not taken: " + e.getMessage(), e);
        }
    }
}
