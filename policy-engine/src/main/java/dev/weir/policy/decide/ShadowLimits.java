package dev.weir.policy.decide;

import dev.weir.canary.Shadow;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client may do that is the shadow of another, beside what policy lets it: read, work in its own group, and write where that goes
 * elsewhere. Whatever is not named here it may not. Immutable; any thread.
 *
 * @param rule the canary that says so
 * @param groups that it may work in, by the names that it uses
 * @param redirected the topics that it may write to
 */
public record ShadowLimits(RuleRef rule, Set<String> groups, Set<String> redirected) {
    public ShadowLimits {
        groups = Set.copyOf(groups);
        redirected = Set.copyOf(redirected);
    }

    static ShadowLimits of(ScopedCanary canary, Shadow shadow) {
        return new ShadowLimits(canary.rule(), Set.of(canary.group()), Set.copyOf(shadow.redirected()));
    }

    /** Of a client that is a shadow in two groups. */
    ShadowLimits with(ShadowLimits other) {
        Set<String> allGroups = new HashSet<>(groups);
        allGroups.addAll(other.groups);
        Set<String> allRedirected = new HashSet<>(redirected);
        allRedirected.addAll(other.redirected);
        return new ShadowLimits(rule, allGroups, allRedirected);
    }

    /** Of a topic as the client calls it, the name that brokers know it by. */
    public String toBroker(String topic) {
        return redirected.contains(topic) ? Shadow.topic(topic) : topic;
    }

    /** Of a topic as brokers call it, the client's name, if that is another one; else {@code null}. */
    public @Nullable String ofBroker(String topic) {
        if (!topic.endsWith(Shadow.SUFFIX)) {
            return null;
        }
        String own = topic.substring(0, topic.length() - Shadow.SUFFIX.length());
        return redirected.contains(own) ? own : null;
    }

    /**
     * Whether a shadow may do it, where policy lets the client.
     *
     * @param name as the client calls it
     */
    public boolean permits(ResourceType type, String name, Operation operation) {
        return switch (type) {
            case TOPIC ->
                switch (operation) {
                    case READ -> !redirected.contains(name);
                    case WRITE -> redirected.contains(name);
                    case DESCRIBE, DESCRIBE_CONFIGS -> true;
                    default -> false;
                };
            case GROUP ->
                switch (operation) {
                    case READ, DELETE -> groups.contains(name);
                    case DESCRIBE, DESCRIBE_CONFIGS -> true;
                    default -> false;
                };
            case TRANSACTIONAL_ID -> true; // brokers know it by another one
            case CLUSTER ->
                switch (operation) {
                    case DESCRIBE, DESCRIBE_CONFIGS, IDEMPOTENT_WRITE -> true;
                    default -> false;
                };
            case DELEGATION_TOKEN -> operation == Operation.DESCRIBE;
            case USER -> operation == Operation.DESCRIBE_TOKENS;
        };
    }
}
