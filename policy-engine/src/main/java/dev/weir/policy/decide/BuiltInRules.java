package dev.weir.policy.decide;

import java.util.Set;

/** Ids of the rules that exist without being written. */
public final class BuiltInRules {
    /** Decides where no rule does. */
    public static final String DEFAULT_DENY = "default-deny";
    /** Decides in place of {@link #DEFAULT_DENY} for a peer whose identities belong to more than one Service. */
    public static final String AMBIGUOUS_IDENTITY = "ambiguous-identity";
    /** Decides on names that no client may touch. */
    public static final String RESERVED_NAME = "reserved-name";

    public static final Set<String> ALL = Set.of(DEFAULT_DENY, AMBIGUOUS_IDENTITY, RESERVED_NAME);

    private BuiltInRules() {}
}
