package dev.weir.policy.model;

/** The kinds of document that hold access rules. */
public enum AccessKind {
    TOPIC_ACCESS("TopicAccess"),
    GROUP_ACCESS("GroupAccess"),
    ADMIN_ACCESS("AdminAccess");

    private final String kind;

    AccessKind(String kind) {
        this.kind = kind;
    }

    /** The {@code kind:} of the document. */
    public String kind() {
        return kind;
    }
}
