package dev.weir.proxy.authorize;

import dev.weir.policy.decide.ResourceType;

/** The {@code *AuthorizedOperations} bit fields of responses (KIP-430). */
final class AuthorizedOperations {
    /** The default of these fields: nobody asked. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    private AuthorizedOperations() {}

    /**
     * What the client may do and Weir may do for it.
     *
     * @param upstream the broker's field, which speaks of Weir's credentials
     */
    static int both(int upstream, RequestContext context, ResourceType type, String name) {
        return upstream == NOT_ASKED ? NOT_ASKED : upstream & context.authorizedOperations(type, name);
    }
}
