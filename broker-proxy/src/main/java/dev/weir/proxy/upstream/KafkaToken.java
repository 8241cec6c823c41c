package dev.weir.proxy.upstream;

import java.util.Set;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;

/** An access token as Kafka's clients want it. */
record KafkaToken(AccessToken token, Set<String> scope, String principalName) implements OAuthBearerToken {
    @Override
    public String value() {
        return token.value();
    }

    @Override
    public long lifetimeMs() {
        return token.endsAtMillis();
    }

    @Override
    public Long startTimeMs() {
        return token.startMillis();
    }
}
