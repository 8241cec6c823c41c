package dev.weir.policy.model;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a condition can ask about a caller. What is empty is not known, and a condition on it cannot be evaluated.
 *
 * @param claims the claims of a token, each with its values; a claim that is not there is not known
 * @param clientId the client id, or empty
 */
public record Circumstances(
        Optional<Boolean> tls,
        Optional<Mechanism> mechanism,
        Optional<IpAddress> source,
        Map<String, List<String>> claims,
        String clientId) {

    /** Nothing is known. */
    public static final Circumstances UNKNOWN =
            new Circumstances(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), "");

    public Circumstances {
        claims = Map.copyOf(claims);
    }

    /** All that is known of an authenticated peer. */
    public static Circumstances of(Subject subject, String clientId) {
        return new Circumstances(
                Optional.of(subject.tls()),
                Optional.of(subject.mechanism()),
                Optional.of(IpAddress.of(subject.source())),
                subject.claims(),
                clientId);
    }
}
