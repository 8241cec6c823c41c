package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What a request needs on each thing that it names, for the walker: when all of it is allowed, the request's own bytes
 * are forwarded. {@code null} where a kind of name needs nothing of its own.
 *
 * @param decode whether the walker is of no use and the request is always decoded
 */
public record Needs(
        boolean decode,
        @Nullable Operation topic,
        @Nullable Operation group,
        @Nullable Operation transactionalId) {

    /** The request is always decoded. */
    public static final Needs DECODE = new Needs(true, null, null, null);

    public static Needs of(@Nullable Operation topic, @Nullable Operation group, @Nullable Operation transactionalId) {
        return new Needs(false, topic, group, transactionalId);
    }
}
