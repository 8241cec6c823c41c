package dev.weir.policy.decide;

/** What an operation is done to (Kafka's resource types), with the codes that ACL requests use. */
public enum ResourceType {
    TOPIC(2),
    GROUP(3),
    TRANSACTIONAL_ID(5),
    /** The cluster as a whole; its one name is {@link #CLUSTER_NAME}. */
    CLUSTER(4),
    DELEGATION_TOKEN(6),
    USER(7);

    public static final String CLUSTER_NAME = "kafka-cluster";

    private final int code;

    ResourceType(int code) {
        this.code = code;
    }

    /** Kafka's {@code ResourceType} code. */
    public int code() {
        return code;
    }
}
