package dev.weir.proxy.config;

/**
 * How canaries of a cluster are served.
 *
 * @param memberGraceMillis how long a client of a canary that reads, and that nobody has seen in the canary's group, is waited for before it is
 *     refused: longer than between two heartbeats of any member
 */
public record CanaryConfig(long memberGraceMillis) {
    public static final CanaryConfig DEFAULT = new CanaryConfig(30_000);
}
