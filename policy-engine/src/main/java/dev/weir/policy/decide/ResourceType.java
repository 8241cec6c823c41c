package dev.weir.policy.decide;

/** What an operation is done to (Kafka's resource types). */
public enum ResourceType {
    TOPIC,
    GROUP,
    TRANSACTIONAL_ID,
    /** The cluster as a whole; its one name is {@link #CLUSTER_NAME}. */
    CLUSTER,
    DELEGATION_TOKEN,
    USER;

    public static final String CLUSTER_NAME = "kafka-cluster";
}
