package dev.weir.proxy.upstream;

import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.provider.ProviderClient;
import dev.weir.proxy.provider.ProviderException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;

/**
 * Gives Kafka's own clients the access tokens that Weir's connections use, from the same endpoint and in the same way; the
 * handler that Kafka brings wants each URL allowed by a system property. Kafka's login thread calls it, and renews in time.
 */
public final class TokenLoginHandler implements AuthenticateCallbackHandler {
    private static final long PATIENCE_SECONDS = 15;
    private static final String URL = "tokenEndpoint";
    private static final String CLIENT_ID = "clientId";
    private static final String CLIENT_SECRET = "clientSecret";
    private static final String SCOPE = "scope";
    private static final String TRUST = "trust";

    private @Nullable TokenRequest request;
    private String clientId = "";

    /** The value of {@code sasl.jaas.config} that says where tokens come from. It holds the secret. */
    public static String jaas(TokenEndpoint endpoint) {
        StringBuilder jaas =
                new StringBuilder("org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required");
        option(jaas, URL, endpoint.url().toString());
        option(jaas, CLIENT_ID, endpoint.clientId());
        option(jaas, CLIENT_SECRET, endpoint.clientSecret());
        if (endpoint.scope() != null) {
            option(jaas, SCOPE, endpoint.scope());
        }
        if (endpoint.trust() != null) {
            option(jaas, TRUST, endpoint.trust().toString());
        }
        return jaas.append(';').toString();
    }

    private static void option(StringBuilder jaas, String name, String value) {
        jaas.append(' ')
                .append(name)
                .append("=\"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"');
    }

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.get(0).getOptions();
        clientId = required(options, CLIENT_ID);
        Object scope = options.get(SCOPE);
        Object trust = options.get(TRUST);
        try {
            Path authorities = trust == null ? null : Path.of(trust.toString());
            TokenEndpoint endpoint = new TokenEndpoint(
                    URI.create(required(options, URL)),
                    clientId,
                    required(options, CLIENT_SECRET),
                    scope == null ? null : scope.toString(),
                    authorities);
            request = new TokenRequest(endpoint, new ProviderClient(authorities, null));
        } catch (IOException e) {
            throw new IllegalArgumentException("no access tokens can be asked for", e);
        }
    }

    private static String required(Map<String, ?> options, String name) {
        return Objects.requireNonNull(options.get(name), name).toString();
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                wanted.token(new KafkaToken(token(), Set.of(), clientId));
            } else if (!(callback instanceof SaslExtensionsCallback)) {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private AccessToken token() throws IOException {
        try {
            return Objects.requireNonNull(request, "not configured").send().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking for an access token", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no access token is to be had: " + ProviderException.reason(e), e);
        }
    }

    @Override
    public void close() {}
}
