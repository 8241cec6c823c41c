package dev.weir.topology.login;

/** What somebody may do; the later holds the earlier. */
public enum Role {
    /** Look at everything. */
    VIEWER,
    /** Also change something. */
    OPERATOR
}
