package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.testkit.net.RawKafkaConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kafka as oracle: what a broker with ACLs answers to a user, and what comes out when an authorizer with equal rights
 * decides and a super user's connection stands behind it, are the same.
 */
class GroupAndAdminEquivalenceIT {
    private record Grant(ResourceType type, String name, List<Operation> operations) {}

    private static final List<Grant> GRANTS = List.of(
            new Grant(ResourceType.TOPIC, "open", List.of(Operation.READ, Operation.DESCRIBE_CONFIGS)),
            new Grant(ResourceType.TOPIC, "altered", List.of(Operation.ALTER, Operation.ALTER_CONFIGS)),
            new Grant(ResourceType.TOPIC, "absent", List.of(Operation.READ)),
            new Grant(ResourceType.TOPIC, "new", List.of(Operation.CREATE)),
            new Grant(ResourceType.TOPIC, "new-shown", List.of(Operation.CREATE, Operation.DESCRIBE_CONFIGS)),
            new Grant(ResourceType.GROUP, "g", List.of(Operation.READ, Operation.DELETE, Operation.DESCRIBE_CONFIGS)),
            new Grant(ResourceType.GROUP, "empty", List.of(Operation.READ, Operation.DELETE)));

    private static EmbeddedKafka kafka;
    private static RawKafkaConnection asUser;
    private static RawKafkaConnection asWeir;
    private static Map<String, Uuid> ids;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.saslPlain("SASL", Map.of("root", "r", "alice", "a")))
                .authorizer("User:root")
                .autoCreateTopics(false)
                .start();
        ids = new TreeMap<>();
        for (String topic : List.of("open", "secret", "altered")) {
            Uuid id = kafka.admin()
                    .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                    .topicId(topic)
                    .get(10, TimeUnit.SECONDS);
            ids.put(topic, id);
        }
        kafka.admin().createAcls(acls()).all().get(10, TimeUnit.SECONDS);
        for (String group : List.of("g", "h")) {
            kafka.admin()
                    .alterConsumerGroupOffsets(
                            group,
                            Map.of(
                                    new TopicPartition("open", 0), new OffsetAndMetadata(3),
                                    new TopicPartition("secret", 0), new OffsetAndMetadata(4)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        asUser = RawKafkaConnection.open(kafka.bootstrap("SASL")).login("alice", "a");
        asWeir = RawKafkaConnection.open(kafka.bootstrap("SASL")).login("root", "r");
    }

    @AfterAll
    static void stop() throws Exception {
        asUser.close();
        asWeir.close();
        kafka.close();
    }

    private static List<AclBinding> acls() {
        List<AclBinding> bindings = new ArrayList<>();
        for (Grant grant : GRANTS) {
            for (Operation operation : grant.operations) {
                bindings.add(new AclBinding(
                        new ResourcePattern(
                                org.apache.kafka.common.resource.ResourceType.valueOf(grant.type.name()),
                                grant.name,
                                PatternType.LITERAL),
                        new AccessControlEntry(
                                "User:alice", "*", AclOperation.valueOf(operation.name()), AclPermissionType.ALLOW)));
            }
        }
        return bindings;
    }

    private static FakeContext context(int version) {
        FakeContext context = new FakeContext(version);
        GRANTS.forEach(grant -> context.allow(grant.type, grant.name, grant.operations.toArray(Operation[]::new)));
        ids.forEach(context::topic);
        return context;
    }

    private static Arguments of(ApiKeys api, String what, IntFunction<ApiMessage> request) {
        return Arguments.of(api, what, request);
    }

    private static Arguments of(ApiKeys api, String what, ApiMessage request) {
        return Arguments.of(api, what, (IntFunction<ApiMessage>) version -> (ApiMessage) request.duplicate());
    }

    static Stream<Arguments> requests() {
        return Stream.of(offsets(), groups(), heartbeats(), shareOffsets(), topics(), configs(), cluster())
                .flatMap(each -> each);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("requests")
    void sameAnswer(ApiKeys api, String what, IntFunction<ApiMessage> request) throws Exception {
        for (short version : versions(api)) {
            ApiMessage body = request.apply(version);
            if (body == null) {
                continue;
            }
            JsonNode expected = canonical(
                    asUser.request((ApiMessage) body.duplicate(), version).body(), version);
            JsonNode actual = canonical(throughWeir(api, body, version), version);
            assertThat(actual).as("%s v%d %s", api.name, version, what).isEqualTo(expected);
        }
    }

    private static List<Short> versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion())
                .mapToObj(version -> (short) version)
                .toList();
    }

    private static ApiMessage throughWeir(ApiKeys api, ApiMessage body, short version) {
        FakeContext context = context(version);
        Outcome outcome = ApiAuthorizers.of(api).decide(OnTheWire.request(body, version), context);
        if (outcome instanceof Outcome.Answer answer) {
            return OnTheWire.response(answer.response(), version);
        }
        ApiMessage upstream = outcome instanceof Outcome.Rewrite rewrite ? rewrite.request() : body;
        return OnTheWire.downstream(outcome, asWeir.request(upstream, version).body(), context);
    }

    /** A body as JSON, without what may differ: order, throttling, hosts of clients, the text that names a request. */
    private static JsonNode canonical(ApiMessage body, short version) throws Exception {
        Class<?> converter = Class.forName(body.getClass().getName() + "JsonConverter");
        JsonNode json = (JsonNode)
                converter.getMethod("write", body.getClass(), short.class).invoke(null, body, version);
        return canonical(json);
    }

    private static JsonNode canonical(JsonNode node) {
        if (node instanceof ArrayNode array) {
            List<JsonNode> elements = new ArrayList<>();
            array.forEach(element -> elements.add(canonical(element)));
            elements.sort(Comparator.comparing(JsonNode::toString));
            return array.removeAll().addAll(elements);
        }
        if (node instanceof ObjectNode object) {
            object.remove(List.of("throttleTimeMs", "clientHost"));
            if (object.has("replicationFactor")) {
                object.remove("topicId"); // of a topic that is only validated: made up each time
            }
            if (object.path("errorMessage").asText("").startsWith("Request ")) {
                object.remove("errorMessage");
            }
            object.properties().forEach(field -> field.setValue(canonical(field.getValue())));
        }
        return node;
    }

    private static Stream<Arguments> offsets() {
        return Stream.of(
                of(ApiKeys.OFFSET_COMMIT, "mixed", v -> commit(v, "g", "open", "secret")),
                of(ApiKeys.OFFSET_COMMIT, "refused topic", v -> commit(v, "g", "secret")),
                of(ApiKeys.OFFSET_COMMIT, "refused group", v -> commit(v, "h", "open")),
                of(ApiKeys.OFFSET_COMMIT, "absent", v -> commit(v, "g", "open", "absent")),
                of(ApiKeys.OFFSET_FETCH, "mixed", v -> fetch(v, "g", "open", "secret", "absent")),
                of(ApiKeys.OFFSET_FETCH, "refused topic", v -> fetch(v, "g", "secret")),
                of(ApiKeys.OFFSET_FETCH, "refused group", v -> fetch(v, "h", "open", "secret")),
                of(ApiKeys.OFFSET_FETCH, "all topics", v -> v < 2 ? null : fetch(v, "g", (String[]) null)),
                of(ApiKeys.OFFSET_FETCH, "many groups", GroupAndAdminEquivalenceIT::fetchMany),
                of(ApiKeys.OFFSET_DELETE, "refused group", offsetDelete("h", "open")),
                of(ApiKeys.OFFSET_DELETE, "no such group", offsetDelete("empty", "open", "secret")),
                of(ApiKeys.OFFSET_DELETE, "mixed", offsetDelete("g", "secret", "absent")));
    }

    private static OffsetCommitRequestData commit(int version, String group, String... topics) {
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(group);
        for (String topic : topics) {
            OffsetCommitRequestData.OffsetCommitRequestTopic each =
                    new OffsetCommitRequestData.OffsetCommitRequestTopic()
                            .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(3)));
            request.topics().add(version < 10 ? each.setName(topic) : each.setTopicId(idOf(topic)));
        }
        return request;
    }

    private static Uuid idOf(String topic) {
        return ids.getOrDefault(topic, FakeContext.idOf(topic));
    }

    private static OffsetFetchRequestData fetch(int version, String group, String... topics) {
        if (version >= 8) {
            return new OffsetFetchRequestData().setGroups(List.of(fetchGroup(version, group, topics)));
        }
        OffsetFetchRequestData request = new OffsetFetchRequestData().setGroupId(group);
        if (topics == null) {
            return request.setTopics(null);
        }
        for (String topic : topics) {
            request.topics()
                    .add(new OffsetFetchRequestData.OffsetFetchRequestTopic()
                            .setName(topic)
                            .setPartitionIndexes(List.of(0)));
        }
        return request;
    }

    private static OffsetFetchRequestData.OffsetFetchRequestGroup fetchGroup(
            int version, String group, String... topics) {
        OffsetFetchRequestData.OffsetFetchRequestGroup one =
                new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId(group);
        if (topics == null) {
            return one.setTopics(null);
        }
        for (String topic : topics) {
            OffsetFetchRequestData.OffsetFetchRequestTopics each =
                    new OffsetFetchRequestData.OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
            one.topics().add(version < 10 ? each.setName(topic) : each.setTopicId(idOf(topic)));
        }
        return one;
    }

    private static ApiMessage fetchMany(int version) {
        return version < 8
                ? null
                : new OffsetFetchRequestData()
                        .setGroups(List.of(
                                fetchGroup(version, "h", "open"),
                                fetchGroup(version, "g", "open", "secret"),
                                fetchGroup(version, "empty", (String[]) null)));
    }

    private static OffsetDeleteRequestData offsetDelete(String group, String... topics) {
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
        for (String topic : topics) {
            request.topics()
                    .add(new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                            .setName(topic)
                            .setPartitions(List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition())));
        }
        return request;
    }

    private static Stream<Arguments> groups() {
        return Stream.of(
                of(
                        ApiKeys.JOIN_GROUP,
                        "refused",
                        new JoinGroupRequestData().setGroupId("h").setProtocolType("consumer")),
                of(
                        ApiKeys.SYNC_GROUP,
                        "refused",
                        v -> new SyncGroupRequestData()
                                .setGroupId("h")
                                .setProtocolType(v < 5 ? null : "consumer")
                                .setProtocolName(v < 5 ? null : "range")),
                of(ApiKeys.SYNC_GROUP, "no protocol", new SyncGroupRequestData().setGroupId("h")),
                of(ApiKeys.HEARTBEAT, "refused", new HeartbeatRequestData().setGroupId("h")),
                of(
                        ApiKeys.HEARTBEAT,
                        "no member",
                        new HeartbeatRequestData().setGroupId("g").setMemberId("m")),
                of(ApiKeys.LEAVE_GROUP, "refused", new LeaveGroupRequestData().setGroupId("h")),
                of(
                        ApiKeys.DESCRIBE_GROUPS,
                        "mixed",
                        v -> new DescribeGroupsRequestData()
                                .setGroups(List.of("h", "g", "empty"))
                                .setIncludeAuthorizedOperations(v >= 3)),
                of(
                        ApiKeys.CONSUMER_GROUP_DESCRIBE,
                        "mixed",
                        new ConsumerGroupDescribeRequestData()
                                .setGroupIds(List.of("h", "g", "empty"))
                                .setIncludeAuthorizedOperations(true)),
                of(
                        ApiKeys.SHARE_GROUP_DESCRIBE,
                        "mixed",
                        new ShareGroupDescribeRequestData()
                                .setGroupIds(List.of("h", "g", "empty"))
                                .setIncludeAuthorizedOperations(true)),
                of(
                        ApiKeys.STREAMS_GROUP_DESCRIBE,
                        "mixed",
                        new StreamsGroupDescribeRequestData()
                                .setGroupIds(List.of("h", "g", "empty"))
                                .setIncludeAuthorizedOperations(true)),
                of(ApiKeys.LIST_GROUPS, "all", new ListGroupsRequestData()),
                of(
                        ApiKeys.DELETE_GROUPS,
                        "mixed",
                        new DeleteGroupsRequestData().setGroupsNames(List.of("h", "empty", "h"))));
    }

    private static Stream<Arguments> heartbeats() {
        return Stream.of(
                of(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        "refused group",
                        new ConsumerGroupHeartbeatRequestData().setGroupId("h").setMemberId("m")),
                of(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        "refused topic",
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId("empty")
                                .setMemberId("m")
                                .setRebalanceTimeoutMs(1000)
                                .setTopicPartitions(List.of())
                                .setSubscribedTopicNames(List.of("open", "secret"))),
                of(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        "malformed regex",
                        v -> v < 1
                                ? null
                                : new ConsumerGroupHeartbeatRequestData()
                                        .setGroupId("empty")
                                        .setMemberId("m")
                                        .setRebalanceTimeoutMs(1000)
                                        .setTopicPartitions(List.of())
                                        .setSubscribedTopicRegex("[a")),
                of(
                        ApiKeys.SHARE_GROUP_HEARTBEAT,
                        "refused topic",
                        new ShareGroupHeartbeatRequestData()
                                .setGroupId("empty")
                                .setMemberId("m")
                                .setSubscribedTopicNames(List.of("secret"))),
                of(
                        ApiKeys.SHARE_GROUP_HEARTBEAT,
                        "bad member id",
                        new ShareGroupHeartbeatRequestData()
                                .setGroupId("empty")
                                .setSubscribedTopicNames(List.of("secret"))),
                of(
                        ApiKeys.STREAMS_GROUP_HEARTBEAT,
                        "refused topic",
                        streamsBeat(
                                "empty",
                                new StreamsGroupHeartbeatRequestData.Subtopology().setSourceTopics(List.of("secret")))),
                of(
                        ApiKeys.STREAMS_GROUP_HEARTBEAT,
                        "internal topic",
                        streamsBeat(
                                "empty",
                                new StreamsGroupHeartbeatRequestData.Subtopology()
                                        .setSourceTopics(List.of("__consumer_offsets", "secret")))),
                of(
                        ApiKeys.STREAMS_GROUP_HEARTBEAT,
                        "regex",
                        streamsBeat(
                                "empty",
                                new StreamsGroupHeartbeatRequestData.Subtopology().setSourceTopicRegex(List.of(".*")))),
                of(ApiKeys.STREAMS_GROUP_HEARTBEAT, "refused group", streamsBeat("h")));
    }

    private static StreamsGroupHeartbeatRequestData streamsBeat(
            String group, StreamsGroupHeartbeatRequestData.Subtopology... subtopologies) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId("m")
                .setRebalanceTimeoutMs(1000)
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setTopology(new StreamsGroupHeartbeatRequestData.Topology().setSubtopologies(List.of(subtopologies)));
    }

    private static Stream<Arguments> shareOffsets() {
        return Stream.of(
                of(
                        ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
                        "mixed",
                        new DescribeShareGroupOffsetsRequestData()
                                .setGroups(List.of(
                                        shareGroup("h", "open"),
                                        shareGroup("empty", "open", "secret"),
                                        shareGroup("empty", "secret"),
                                        shareGroup("empty").setTopics(null)))),
                of(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, "refused group", alterShare("h", "open")),
                of(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, "no such group", alterShare("empty", "open", "secret")),
                of(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, "refused topic", alterShare("empty", "secret")),
                of(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, "refused group", deleteShare("h", "open")),
                of(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, "mixed", deleteShare("empty", "absent", "secret")),
                of(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, "refused topic", deleteShare("empty", "secret")));
    }

    private static DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup shareGroup(
            String group, String... topics) {
        DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup one =
                new DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup().setGroupId(group);
        for (String topic : topics) {
            one.topics()
                    .add(new DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic()
                            .setTopicName(topic)
                            .setPartitions(List.of(0)));
        }
        return one;
    }

    private static AlterShareGroupOffsetsRequestData alterShare(String group, String... topics) {
        AlterShareGroupOffsetsRequestData request = new AlterShareGroupOffsetsRequestData().setGroupId(group);
        for (String topic : topics) {
            request.topics()
                    .add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic()
                            .setTopicName(topic)
                            .setPartitions(List.of(
                                    new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition())));
        }
        return request;
    }

    private static DeleteShareGroupOffsetsRequestData deleteShare(String group, String... topics) {
        DeleteShareGroupOffsetsRequestData request = new DeleteShareGroupOffsetsRequestData().setGroupId(group);
        for (String topic : topics) {
            request.topics()
                    .add(new DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic()
                            .setTopicName(topic));
        }
        return request;
    }

    private static Stream<Arguments> topics() {
        return Stream.of(
                of(
                        ApiKeys.CREATE_TOPICS,
                        "mixed",
                        create("new", "new-shown", "open", "no", "twice", "twice", "__cluster_metadata")),
                of(ApiKeys.CREATE_TOPICS, "refused", create("no", "open")),
                of(ApiKeys.DELETE_TOPICS, "refused", v -> delete(v, "open", "secret", "absent", "nothing")),
                of(ApiKeys.DELETE_TOPICS, "twice", v -> delete(v, "open", "secret", "secret")),
                of(ApiKeys.DELETE_TOPICS, "by id", GroupAndAdminEquivalenceIT::deleteById),
                of(ApiKeys.CREATE_PARTITIONS, "mixed", createPartitions("altered", "open", "secret", "twice", "twice")),
                of(ApiKeys.CREATE_PARTITIONS, "refused", createPartitions("open", "nothing")));
    }

    private static CreateTopicsRequestData create(String... names) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setValidateOnly(true);
        for (String name : names) {
            request.topics()
                    .add(new CreateTopicsRequestData.CreatableTopic()
                            .setName(name)
                            .setNumPartitions(2)
                            .setReplicationFactor((short) 1));
        }
        return request;
    }

    private static DeleteTopicsRequestData delete(int version, String... names) {
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(5000);
        return version < 6
                ? request.setTopicNames(List.of(names))
                : request.setTopics(Stream.of(names)
                        .map(name -> new DeleteTopicsRequestData.DeleteTopicState().setName(name))
                        .toList());
    }

    private static ApiMessage deleteById(int version) {
        return version < 6
                ? null
                : new DeleteTopicsRequestData()
                        .setTimeoutMs(5000)
                        .setTopics(Stream.of("open", "secret", "nothing")
                                .map(name -> new DeleteTopicsRequestData.DeleteTopicState().setTopicId(idOf(name)))
                                .toList());
    }

    private static CreatePartitionsRequestData createPartitions(String... names) {
        CreatePartitionsRequestData request =
                new CreatePartitionsRequestData().setValidateOnly(true).setTimeoutMs(5000);
        for (String name : names) {
            request.topics()
                    .add(new CreatePartitionsRequestData.CreatePartitionsTopic()
                            .setName(name)
                            .setCount(2)
                            .setAssignments(null));
        }
        return request;
    }

    private static Stream<Arguments> configs() {
        byte unknown = 99;
        return Stream.of(
                of(
                        ApiKeys.DESCRIBE_CONFIGS,
                        "mixed",
                        describe(2, "open", 2, "secret", 4, "1", 8, "1", 32, "g", 32, "h")),
                of(ApiKeys.DESCRIBE_CONFIGS, "refused", describe(16, "m", 2, "secret")),
                of(ApiKeys.DESCRIBE_CONFIGS, "unknown", describe(2, "open", (int) unknown, "x")),
                of(ApiKeys.ALTER_CONFIGS, "mixed", legacy(2, "altered", 2, "open", 4, "1", 32, "g", 8, "1", 99, "x")),
                of(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        "mixed",
                        incremental(2, "altered", 2, "open", 4, "", 32, "g", 8, "1", 99, "x")));
    }

    private static DescribeConfigsRequestData describe(Object... typesAndNames) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData();
        for (int i = 0; i < typesAndNames.length; i += 2) {
            request.resources()
                    .add(new DescribeConfigsRequestData.DescribeConfigsResource()
                            .setResourceType(((Integer) typesAndNames[i]).byteValue())
                            .setResourceName((String) typesAndNames[i + 1])
                            .setConfigurationKeys(List.of("retention.ms")));
        }
        return request;
    }

    private static AlterConfigsRequestData legacy(Object... typesAndNames) {
        AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(true);
        for (int i = 0; i < typesAndNames.length; i += 2) {
            request.resources()
                    .add(new AlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType(((Integer) typesAndNames[i]).byteValue())
                            .setResourceName((String) typesAndNames[i + 1]));
        }
        return request;
    }

    private static IncrementalAlterConfigsRequestData incremental(Object... typesAndNames) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData().setValidateOnly(true);
        for (int i = 0; i < typesAndNames.length; i += 2) {
            request.resources()
                    .add(new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType(((Integer) typesAndNames[i]).byteValue())
                            .setResourceName((String) typesAndNames[i + 1]));
        }
        return request;
    }

    private static Stream<Arguments> cluster() {
        Stream<ApiKeys> empty = Stream.of(
                ApiKeys.ELECT_LEADERS,
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                ApiKeys.ALTER_REPLICA_LOG_DIRS,
                ApiKeys.DESCRIBE_LOG_DIRS,
                ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                ApiKeys.ALTER_CLIENT_QUOTAS,
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                ApiKeys.CREATE_ACLS,
                ApiKeys.DELETE_ACLS,
                ApiKeys.DESCRIBE_QUORUM,
                ApiKeys.UPDATE_FEATURES,
                ApiKeys.UNREGISTER_BROKER,
                ApiKeys.ADD_RAFT_VOTER,
                ApiKeys.REMOVE_RAFT_VOTER,
                ApiKeys.LIST_CONFIG_RESOURCES,
                ApiKeys.READ_SHARE_GROUP_STATE,
                ApiKeys.WRITE_SHARE_GROUP_STATE);
        return Stream.concat(
                empty.map(api ->
                        of(api, "refused", ApiMessageType.fromApiKey(api.id).newRequest())),
                Stream.of(
                        of(
                                ApiKeys.DESCRIBE_ACLS,
                                "refused",
                                new DescribeAclsRequestData()
                                        .setResourceTypeFilter((byte) 1)
                                        .setOperation((byte) 1)
                                        .setPermissionType((byte) 1)),
                        of(
                                ApiKeys.DESCRIBE_CLUSTER,
                                "operations",
                                new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true))));
    }
}
