package dev.weir.proxy.wire;

import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.FieldType.Primitive;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.StructSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one table that gives fields of Kafka's specs their meaning: first what the spec itself says
 * ({@code entityType}), then, for what it leaves out, the rows below. A row holds for its own type only: a
 * {@code Partitions} that is a count is no partition index.
 */
final class FieldMeanings {

    private static final Map<String, Row> BY_ENTITY_TYPE = Map.of(
            "topicName", anywhere(Field.TOPIC_NAME, Primitive.STRING),
            "groupId", anywhere(Field.GROUP_ID, Primitive.STRING),
            "transactionalId", anywhere(Field.TRANSACTIONAL_ID, Primitive.STRING),
            "producerId", anywhere(Field.PRODUCER_ID, Primitive.INT64),
            "brokerId", anywhere(Field.NODE_ID, Primitive.INT32));

    private static final List<Row> BY_NAME = List.of(
            // Names without an entityType.
            anywhere(Field.TOPIC_ID, Primitive.UUID, "TopicId"),
            anywhere(Field.GROUP_ID, Primitive.STRING, "GroupId"),
            anywhere(Field.TOPIC_REGEX, Primitive.STRING, "SubscribedTopicRegex", "SourceTopicRegex"),
            anywhere(Field.TRANSACTIONAL_ID_REGEX, Primitive.STRING, "TransactionalIdPattern"),
            in("FindCoordinator", Field.COORDINATOR_KEY, Primitive.STRING, "Key", "CoordinatorKeys"),
            in("FindCoordinator", Field.COORDINATOR_KEY_TYPE, Primitive.INT8, "KeyType"),
            in("Config", Field.CONFIG_RESOURCE_NAME, Primitive.STRING, "ResourceName"),
            in("Config", Field.CONFIG_RESOURCE_TYPE, Primitive.INT8, "ResourceType"),
            in("Acls", Field.ACL_RESOURCE_NAME, Primitive.STRING, "ResourceName", "ResourceNameFilter"),
            in("Acls", Field.ACL_RESOURCE_TYPE, Primitive.INT8, "ResourceType", "ResourceTypeFilter"),

            // Clients and where they are.
            anywhere(Field.CLIENT_HOST, Primitive.STRING, "ClientHost"),
            anywhere(Field.MEMBER_ID, Primitive.STRING, "MemberId"),
            anywhere(Field.GROUP_INSTANCE_ID, Primitive.STRING, "GroupInstanceId", "InstanceId"),
            anywhere(Field.RACK, Primitive.STRING, "Rack", "RackId"),
            anywhere(Field.MEMBER_EPOCH, Primitive.INT32, "MemberEpoch", "GenerationIdOrMemberEpoch"),
            anywhere(Field.REPLICA_ID, Primitive.INT32, "ReplicaId"),
            in("DescribeCluster", Field.ENDPOINT_TYPE, Primitive.INT8, "EndpointType"),

            // Partitions and offsets.
            anywhere(Field.PARTITION_INDEX, Primitive.INT32, "PartitionIndex", "Partition", "PartitionId"),
            new Row("", Field.PARTITION_INDEX, Primitive.INT32, true, List.of("Partitions", "PartitionIndexes")),
            in("Produce", Field.PARTITION_INDEX, Primitive.INT32, "Index"),
            anywhere(Field.HIGH_WATERMARK, Primitive.INT64, "HighWatermark"),
            anywhere(Field.LAST_STABLE_OFFSET, Primitive.INT64, "LastStableOffset"),
            anywhere(Field.LOG_START_OFFSET, Primitive.INT64, "LogStartOffset"),
            anywhere(Field.BASE_OFFSET, Primitive.INT64, "BaseOffset"),
            anywhere(Field.FETCH_OFFSET, Primitive.INT64, "FetchOffset"),
            anywhere(Field.COMMITTED_OFFSET, Primitive.INT64, "CommittedOffset"),
            in("ShareFetchResponse", Field.ACQUIRED_FIRST_OFFSET, Primitive.INT64, "FirstOffset"),
            in("ShareFetchResponse", Field.ACQUIRED_LAST_OFFSET, Primitive.INT64, "LastOffset"),
            in("FetchResponse", Field.ABORTED_FIRST_OFFSET, Primitive.INT64, "FirstOffset"),
            anywhere(Field.RECORDS, Primitive.RECORDS, "Records"),

            // The rest.
            anywhere(Field.ERROR_CODE, Primitive.INT16, "ErrorCode"),
            anywhere(Field.ACKNOWLEDGE_ERROR_CODE, Primitive.INT16, "AcknowledgeErrorCode"),
            anywhere(Field.THROTTLE_TIME_MILLIS, Primitive.INT32, "ThrottleTimeMs"),
            anywhere(Field.SESSION_ID, Primitive.INT32, "SessionId"),
            anywhere(Field.SESSION_EPOCH, Primitive.INT32, "SessionEpoch", "ShareSessionEpoch"),
            anywhere(Field.ACKS, Primitive.INT16, "Acks"),
            anywhere(Field.MAX_WAIT_MILLIS, Primitive.INT32, "MaxWaitMs"));

    private FieldMeanings() {}

    /** What a scalar field, or each element of an array of scalars, means; {@code null} for nothing to Weir. */
    static @Nullable Field of(MessageSpec message, StructSpec struct, FieldSpec field, int version) {
        if (BrokerAddresses.isAddressNodeId(message, struct, field, version)) {
            return Field.ADDRESS_NODE_ID;
        }
        if (BrokerAddresses.isAddress(message, struct, version)) {
            if (field.name().equals("Host")) {
                return Field.BROKER_HOST;
            }
            if (field.name().equals("Port")) {
                return Field.BROKER_PORT;
            }
        }
        for (Row row : BY_NAME) {
            if (row.names.contains(field.name()) && row.fits(message, field)) {
                return row.meaning;
            }
        }
        Row entity = BY_ENTITY_TYPE.get(field.entityType());
        return entity != null && entity.fits(message, field) ? entity.meaning : null;
    }

    /** What a struct of a version means, by what it names itself. The message as a whole names, but is, none of these. */
    static @Nullable Field of(MessageSpec message, StructSpec struct, int version) {
        if (BrokerAddresses.isAddress(message, struct, version)) {
            return Field.BROKER_ADDRESS;
        }
        if (struct.equals(message.body())) {
            return null;
        }
        if (names(message, struct, Field.GROUP_ID, version)) {
            return Field.GROUP;
        }
        if (names(message, struct, Field.TRANSACTIONAL_ID, version)) {
            return Field.TRANSACTION;
        }
        if (names(message, struct, Field.TOPIC_NAME, version) || names(message, struct, Field.TOPIC_ID, version)) {
            return Field.TOPIC;
        }
        return names(message, struct, Field.PARTITION_INDEX, version) ? Field.PARTITION : null;
    }

    /** What an array means by what its elements are. */
    static @Nullable Field ofArray(@Nullable Field element) {
        if (element == null) {
            return null;
        }
        return switch (element) {
            case TOPIC, TOPIC_NAME, TOPIC_ID -> Field.TOPICS;
            case PARTITION, PARTITION_INDEX -> Field.PARTITIONS;
            case GROUP, GROUP_ID -> Field.GROUPS;
            case TRANSACTION, TRANSACTIONAL_ID -> Field.TRANSACTIONS;
            case BROKER_ADDRESS -> Field.BROKER_ADDRESSES;
            default -> null;
        };
    }

    private static boolean names(MessageSpec message, StructSpec struct, Field meaning, int version) {
        for (FieldSpec field : struct.fields()) {
            if (!field.isArray()
                    && field.versions().contains(version)
                    && of(message, struct, field, version) == meaning) {
                return true;
            }
        }
        return false;
    }

    private static Row anywhere(Field meaning, Primitive type, String... names) {
        return in("", meaning, type, names);
    }

    private static Row in(String messages, Field meaning, Primitive type, String... names) {
        return new Row(messages, meaning, type, false, List.of(names));
    }

    /**
     * One row.
     *
     * @param messages holds for messages whose name contains this
     * @param arraysOnly whether it does not hold for a scalar field
     */
    private record Row(String messages, Field meaning, Primitive type, boolean arraysOnly, List<String> names) {

        boolean fits(MessageSpec message, FieldSpec field) {
            FieldType element = field.type().element();
            return element == type && message.name().contains(messages) && (!arraysOnly || field.isArray());
        }
    }
}
