package dev.weir.topology.security;

/**
 * How a rule was used.
 *
 * @param count how often
 */
public record RuleUse(long count, long lastMillis) {
    /** Never. */
    public static final RuleUse NONE = new RuleUse(0, -1);

    /** Which rule, and by which Service. */
    public record Key(String rule, String service) {}

    RuleUse and(RuleUse other) {
        return new RuleUse(count + other.count, Math.max(lastMillis, other.lastMillis));
    }
}
