package dev.weir.topology.login;

import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one may go where an identity provider says: over TLS, or on this machine if the provider itself is there.
 * Otherwise whoever listens on the way would have codes and secrets, or put keys of his own in place of the provider's.
 */
final class Endpoints {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private Endpoints() {}

    static void check(URI issuer, OIDCProviderMetadata metadata) throws LogInFailure {
        check(issuer, "authorization_endpoint", metadata.getAuthorizationEndpointURI(), true);
        check(issuer, "token_endpoint", metadata.getTokenEndpointURI(), true);
        check(issuer, "jwks_uri", metadata.getJWKSetURI(), true);
        check(issuer, "end_session_endpoint", metadata.getEndSessionEndpointURI(), false);
    }

    private static void check(URI issuer, String name, @Nullable URI endpoint, boolean required) throws LogInFailure {
        if (endpoint == null && !required) {
            return;
        }
        boolean good = endpoint != null
                && endpoint.getHost() != null
                && ("https".equals(endpoint.getScheme())
                        || ("http".equals(issuer.getScheme())
                                && "http".equals(endpoint.getScheme())
                                && LOOPBACK.contains(endpoint.getHost())));
        if (!good) {
            throw new LogInFailure(
                    503,
                    "The identity provider " + issuer + " has a \"" + name + "\" that is not gone to: found "
                            + (endpoint == null ? "none" : endpoint) + ", expected an https:// address.");
        }
    }
}
