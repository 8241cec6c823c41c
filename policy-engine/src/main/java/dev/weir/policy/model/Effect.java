package dev.weir.policy.model;

/** What a rule does to whatever it matches. Deny beats allow. */
public enum Effect {
    ALLOW,
    DENY
}
