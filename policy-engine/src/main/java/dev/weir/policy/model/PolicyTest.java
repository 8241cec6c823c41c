package dev.weir.policy.model;

import dev.weir.policy.yaml.Position;
import java.util.Optional;

/**
 * One of policy's own tests.
 *
 * @param document the document in which it stands
 * @param as the Service that asks, or {@link #ANONYMOUS}
 * @param by the rule that must decide, as {@code document/rule} or built-in; any, if empty
 */
public record PolicyTest(
        String document,
        String as,
        Query query,
        Circumstances circumstances,
        Expectation expect,
        Optional<String> by,
        Position at) {

    /** In place of a Service: a caller without credentials. */
    public static final String ANONYMOUS = "anonymous";

    /** What a test can expect. */
    public enum Expectation {
        ALLOW,
        /** Denied, and carried out. */
        DENY,
        /** Denied, but dry-run lets it pass. */
        DRY_RUN
    }
}
