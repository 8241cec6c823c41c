package dev.weir.testkit.clients;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;

/** Has a Kafka client log in with the very token of its JAAS option {@code token}. */
public final class FixedToken implements AuthenticateCallbackHandler {
    private static final long LIFETIME_MILLIS = 3_600_000;

    private String token = "";

    /** The setting {@code sasl.jaas.config} for this token. */
    static String jaas(String token) {
        return "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required token=\"" + token + "\";";
    }

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Object option = entries.get(0).getOptions().get("token");
        token = String.valueOf(option);
    }

    @Override
    public void handle(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                wanted.token(new Token(token, System.currentTimeMillis() + LIFETIME_MILLIS));
            }
        }
    }

    private record Token(String value, long lifetimeMs) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public String principalName() {
            return "client";
        }

        @Override
        public @Nullable Long startTimeMs() {
            return null;
        }
    }

    @Override
    public void close() {}
}
