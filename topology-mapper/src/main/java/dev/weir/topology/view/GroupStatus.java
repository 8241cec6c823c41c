package dev.weir.topology.view;

/** How a group does, judged over time and not over numbers of commits, from best to worst. */
public enum GroupStatus {
    /** Not enough was seen to say. */
    UNKNOWN,
    OK,
    /** It commits, and its lag grows. */
    WARN,
    /** It went back: committed less than before. */
    REWOUND,
    /** It fetches or holds its membership, there are records, and it does not commit. */
    STALLED,
    /** Nothing comes from it, and there are records. */
    STOPPED;

    public GroupStatus worse(GroupStatus other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
