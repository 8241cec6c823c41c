package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.wire.RandomMessages.Kind;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.FieldType.Primitive;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.proxy.wire.spec.StructSpec;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/**
 * What a new release of Kafka brings must be looked at: each text, uuid and run of bytes that passes a listener has a
 * meaning, or stands here as one that names nothing which policy decides on. The same for whatever may be an address.
 */
class FieldMeaningsTest {

    /** Fields that name nothing policy knows, in any message. */
    private static final Set<String> NO_NAMES = Set.of(
            // Words between clients and coordinators, opaque to the broker or about the group protocol.
            "Assignment",
            "AssignorName",
            "ClientId",
            "CommittedMetadata",
            "GroupState",
            "GroupType",
            "Leader",
            "MemberAssignment",
            "MemberMetadata",
            "Metadata",
            "ProcessId",
            "ProtocolData",
            "ProtocolName",
            "ProtocolType",
            "Reason",
            "ServerAssignor",
            "StateFilters",
            "StatesFilter",
            "StatusDetail",
            "SubtopologyId",
            "TransactionState",
            "TypesFilter",
            "UnknownStateFilters",
            // Authentication, tokens and users.
            "AuthBytes",
            "Hmac",
            "Mechanism",
            "Mechanisms",
            "OwnerPrincipalName",
            "OwnerPrincipalType",
            "Principal",
            "PrincipalFilter",
            "PrincipalName",
            "PrincipalType",
            "Salt",
            "SaltedPassword",
            "TokenId",
            "TokenRequesterPrincipalName",
            "TokenRequesterPrincipalType",
            "User",
            // Cluster matters: the cluster resource is decided on, not what these name.
            "ClusterId",
            "EntityName",
            "EntityType",
            "Feature",
            "HostFilter",
            "LogDir",
            "Match",
            "Path",
            "ReplicaDirectoryId",
            "VoterDirectoryId",
            // Configuration keys and values, and people's texts.
            "ConfigurationKeys",
            "Documentation",
            "Value",
            "AcknowledgeErrorMessage",
            "BatchIndexErrorMessage",
            "ErrorMessage",
            // Clients about themselves.
            "ClientInstanceId",
            "ClientSoftwareName",
            "ClientSoftwareVersion",
            "Metrics",
            "RequestedMetrics");

    /** Names too common to be let off everywhere. */
    private static final Set<String> NO_NAMES_HERE = Set.of(
            "AddRaftVoterRequest.Host",
            "AddRaftVoterRequest.Name",
            "AlterClientQuotasRequest.Key",
            "AlterConfigsRequest.Name",
            "AlterUserScramCredentialsRequest.Name",
            "ApiVersionsResponse.Name",
            "CreateAclsRequest.Host",
            "CreateTopicsRequest.Name",
            "CreateTopicsResponse.Name",
            "DeleteAclsResponse.Host",
            "DescribeAclsResponse.Host",
            "DescribeClientQuotasResponse.Key",
            "DescribeConfigsResponse.Name",
            "DescribeQuorumResponse.Name",
            "DescribeUserScramCredentialsRequest.Name",
            "IncrementalAlterConfigsRequest.Name",
            "JoinGroupRequest.Name",
            "StreamsGroupDescribeResponse.Host",
            "StreamsGroupDescribeResponse.Key",
            "StreamsGroupHeartbeatRequest.Host",
            "StreamsGroupHeartbeatRequest.Key",
            "StreamsGroupHeartbeatResponse.Host");

    /** Fields of responses that sound like an address, and are none of a broker or a client. */
    private static final Set<String> NO_ADDRESSES = Set.of(
            "ApiVersionsResponse.SupportedFeatures",
            // Hosts of ACLs are what an administrator wrote.
            "DeleteAclsResponse.Host",
            "DescribeAclsResponse.Host",
            // The applications' own, see BrokerAddresses.NOT_BROKERS.
            "StreamsGroupDescribeResponse.Host",
            "StreamsGroupDescribeResponse.Port",
            "StreamsGroupHeartbeatResponse.EndpointInformationEpoch",
            "StreamsGroupHeartbeatResponse.Host",
            "StreamsGroupHeartbeatResponse.Port");

    private static final Pattern SOUNDS_LIKE_AN_ADDRESS =
            Pattern.compile("host|port|address|endpoint|listener|uri|url|advertise", Pattern.CASE_INSENSITIVE);

    private final MessageSpecs specs = new MessageSpecs();

    @Test
    void everyTextHasAMeaningOrIsKnownToHaveNone() {
        Set<String> unseen = new TreeSet<>();
        Set<String> listed = new TreeSet<>(NO_NAMES);
        listed.addAll(NO_NAMES_HERE);
        for (Kind kind : RandomMessages.kinds(specs)) {
            if (passesAListener(kind)) {
                forEachField(kind.spec().body(), (struct, field) -> {
                    FieldType type = field.type().element();
                    boolean text = type == Primitive.STRING || type == Primitive.BYTES || type == Primitive.UUID;
                    String name = kind.spec().name() + "." + field.name();
                    listed.remove(field.name());
                    listed.remove(name);
                    if (text
                            && field.versions().contains(kind.version())
                            && meaning(kind, struct, field) == null
                            && !NO_NAMES.contains(field.name())
                            && !NO_NAMES_HERE.contains(name)) {
                        unseen.add(name);
                    }
                });
            }
        }
        assertThat(unseen)
                .as("fields to be given a meaning in FieldMeanings, or to be listed here as having none")
                .isEmpty();
        assertThat(listed).as("listed, but in no message").isEmpty();
    }

    @Test
    void everyAddressIsRewrittenOrIsKnownToBeNone() {
        Set<String> unseen = new TreeSet<>();
        for (Kind kind : RandomMessages.kinds(specs)) {
            if (kind.spec().direction() == Direction.RESPONSE) {
                forEachField(kind.spec().body(), (struct, field) -> {
                    String name = kind.spec().name() + "." + field.name();
                    if (SOUNDS_LIKE_AN_ADDRESS.matcher(field.name()).find()
                            && !(field.type().element() instanceof FieldType.Struct)
                            && field.versions().contains(kind.version())
                            && !isAddress(meaning(kind, struct, field))
                            && !NO_ADDRESSES.contains(name)) {
                        unseen.add(name);
                    }
                });
            }
        }
        assertThat(unseen)
                .as("fields that BrokerAddresses must know, or that are to be listed here as no addresses")
                .isEmpty();
    }

    @Test
    void theSpecsSayWhatNamesATopic() {
        assertThat(meaning(ApiKeys.DELETE_TOPICS, 5, "TopicNames")).isEqualTo(Field.TOPIC_NAME);
        assertThat(meaning(ApiKeys.FETCH, 13, "RackId")).isEqualTo(Field.RACK);
        assertThat(meaning(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, "SubscribedTopicRegex"))
                .isEqualTo(Field.TOPIC_REGEX);
        assertThat(meaning(ApiKeys.FIND_COORDINATOR, 4, "CoordinatorKeys")).isEqualTo(Field.COORDINATOR_KEY);
        assertThat(meaning(ApiKeys.LIST_OFFSETS, 4, "ReplicaId")).isEqualTo(Field.REPLICA_ID);
    }

    @Test
    void whereMembersAreConnectedFrom() {
        ClientHosts hosts = new ClientHosts(specs);
        assertThat(hosts.areIn(ApiKeys.DESCRIBE_GROUPS.id, (short) 5)).isTrue();
        assertThat(hosts.areIn(ApiKeys.CONSUMER_GROUP_DESCRIBE.id, (short) 1)).isTrue();
        assertThat(hosts.areIn(ApiKeys.STREAMS_GROUP_DESCRIBE.id, (short) 0)).isTrue();
        assertThat(hosts.areIn(ApiKeys.SHARE_GROUP_DESCRIBE.id, (short) 1)).isTrue();
        assertThat(hosts.areIn(ApiKeys.METADATA.id, (short) 12)).isFalse();
    }

    private Field meaning(ApiKeys api, int version, String fieldName) {
        MessageSpec spec = specs.spec(api.id, Direction.REQUEST);
        FieldSpec field = spec.body().fields().stream()
                .filter(candidate -> candidate.name().equals(fieldName))
                .findFirst()
                .orElseThrow();
        return FieldMeanings.of(spec, spec.body(), field, version);
    }

    private static Field meaning(Kind kind, StructSpec struct, FieldSpec field) {
        return FieldMeanings.of(kind.spec(), struct, field, kind.version());
    }

    private static boolean isAddress(Field meaning) {
        return meaning == Field.BROKER_HOST
                || meaning == Field.BROKER_PORT
                || meaning == Field.CLIENT_HOST
                || meaning == Field.ENDPOINT_TYPE;
    }

    private static boolean passesAListener(Kind kind) {
        return ApiMessageType.fromApiKey(kind.spec().apiKey()).listeners().contains(ListenerType.BROKER);
    }

    private static void forEachField(StructSpec struct, BiConsumer<StructSpec, FieldSpec> action) {
        for (FieldSpec field : struct.fields()) {
            action.accept(struct, field);
            if (field.type().element() instanceof FieldType.Struct inner) {
                forEachField(inner.spec(), action);
            }
        }
    }
}
