package dev.weir.kafka;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose tokens a listener takes, by Kafka's own validator.
 *
 * @param issuer what tokens carry as {@code iss}
 * @param jwksUrl where its keys are; brokers ask when they start
 * @param audience what tokens have to carry in {@code aud}
 */
public record TokenIssuer(String issuer, String jwksUrl, String audience) {
    /** Kafka fetches keys from no other addresses; the property is of the whole JVM. */
    private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    /** Lets brokers in this JVM ask for its keys. */
    void allow() {
        synchronized (TokenIssuer.class) {
            Set<String> all = new LinkedHashSet<>(List.of(jwksUrl));
            String known = System.getProperty(ALLOWED, "");
            if (!known.isEmpty()) {
                all.addAll(List.of(known.split(",")));
            }
            System.setProperty(ALLOWED, String.join(",", all));
        }
    }
}
