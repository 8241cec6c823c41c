package dev.weir.proxy.wire;

/**
 * What a piece of a message means to Weir. {@link FieldMeanings} says which fields of Kafka's specs have which meaning.
 */
public enum Field {
    // Names that policy decides on: strings, but for the topic id.
    TOPIC_NAME,
    TOPIC_ID,
    GROUP_ID,
    TRANSACTIONAL_ID,
    /** A regular expression that the broker matches with topic names (KIP-848). */
    TOPIC_REGEX,
    /** A regular expression that the broker matches with transactional ids (KIP-1152). */
    TRANSACTIONAL_ID_REGEX,
    /** A group, a transactional id or a share partition, as {@link #COORDINATOR_KEY_TYPE} says. */
    COORDINATOR_KEY,
    /** 0 group, 1 transaction, 2 share. Before version 4 it follows the key. */
    COORDINATOR_KEY_TYPE,
    /** A topic, a broker, a group or a client metrics subscription, as {@link #CONFIG_RESOURCE_TYPE} says. */
    CONFIG_RESOURCE_NAME,
    CONFIG_RESOURCE_TYPE,
    ACL_RESOURCE_NAME,
    ACL_RESOURCE_TYPE,

    // Structs and the arrays of them.
    /** A struct that names one topic, by name or id. */
    TOPIC,
    /** An array of {@link #TOPIC}, or of topic names or ids. */
    TOPICS,
    PARTITION,
    PARTITIONS,
    GROUP,
    GROUPS,
    TRANSACTION,
    TRANSACTIONS,

    // Where brokers are.
    /** A struct with the host and the port of a broker or controller. */
    BROKER_ADDRESS,
    /** An array of {@link #BROKER_ADDRESS}, or a tagged field that holds some. */
    BROKER_ADDRESSES,
    /** The node that a {@link #BROKER_ADDRESS} is of; it stands in that struct or in the one around it. */
    ADDRESS_NODE_ID,
    BROKER_HOST,
    /** 32 or 16 bits wide; {@link Walker#position()} tells. */
    BROKER_PORT,
    /** 1 brokers, 2 controllers: what DescribeCluster lists (KIP-919). */
    ENDPOINT_TYPE,
    /** The address of another client: to a broker behind Weir it is Weir's own. */
    CLIENT_HOST,

    // Other strings.
    MEMBER_ID,
    GROUP_INSTANCE_ID,
    RACK,

    // Record batches.
    RECORDS,

    // Numbers.
    PARTITION_INDEX,
    ERROR_CODE,
    /** Of what a share fetch acknowledged along with it (KIP-932). */
    ACKNOWLEDGE_ERROR_CODE,
    THROTTLE_TIME_MILLIS,
    HIGH_WATERMARK,
    LAST_STABLE_OFFSET,
    LOG_START_OFFSET,
    BASE_OFFSET,
    FETCH_OFFSET,
    COMMITTED_OFFSET,
    /** Where a transaction began that was aborted; its producer's id goes before it (KIP-98). */
    ABORTED_FIRST_OFFSET,
    /** The first and the last offset of a range that a share consumer has acquired (KIP-932). */
    ACQUIRED_FIRST_OFFSET,
    ACQUIRED_LAST_OFFSET,
    SESSION_ID,
    SESSION_EPOCH,
    MEMBER_EPOCH,
    REPLICA_ID,
    NODE_ID,
    PRODUCER_ID,
    ACKS,
    MAX_WAIT_MILLIS;

    /** Its operand in a {@link Program}, which never leaves the process that compiled it. */
    @SuppressWarnings("EnumOrdinal")
    int operand() {
        return ordinal();
    }
}
