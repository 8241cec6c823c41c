package dev.weir.proxy.authorize;

import static dev.weir.proxy.authorize.Outcomes.answer;
import static dev.weir.proxy.authorize.Outcomes.assertForwarded;
import static dev.weir.proxy.authorize.Outcomes.edited;
import static dev.weir.proxy.authorize.Outcomes.rewritten;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopicAdminAuthorizersTest {
    private static final short DENIED = Errors.TOPIC_AUTHORIZATION_FAILED.code();
    private static final Uuid UNKNOWN_ID = new Uuid(1, 1);

    private final CreateTopicsAuthorizer create = new CreateTopicsAuthorizer();
    private final DeleteTopicsAuthorizer delete = new DeleteTopicsAuthorizer();
    private final CreatePartitionsAuthorizer partitions = new CreatePartitionsAuthorizer();

    static List<Short> createVersions() {
        return OnTheWire.versions(ApiKeys.CREATE_TOPICS);
    }

    static List<Short> deleteVersions() {
        return OnTheWire.versions(ApiKeys.DELETE_TOPICS);
    }

    static List<Short> partitionVersions() {
        return OnTheWire.versions(ApiKeys.CREATE_PARTITIONS);
    }

    private static CreateTopicsRequestData createOf(String... names) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        for (String name : names) {
            request.topics().add(new CreatableTopic().setName(name));
        }
        return request;
    }

    private static CreateTopicsResponseData createdBy(String... names) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        for (String name : names) {
            CreatableTopicResult result =
                    new CreatableTopicResult().setName(name).setNumPartitions(3).setReplicationFactor((short) 1);
            result.configs().add(new CreatableTopicConfigs().setName("retention.ms"));
            response.topics().add(result);
        }
        return response;
    }

    @ParameterizedTest
    @MethodSource("createVersions")
    void refusedTopicsAreNotCreated(short version) {
        FakeContext context = new FakeContext(version).allowTopic("a", Operation.CREATE);
        Outcome outcome = create.decide(createOf("no", "a"), context);
        assertEquals(
                List.of("a"),
                rewritten(CreateTopicsRequestData.class, outcome, context).topics().stream()
                        .map(CreatableTopic::name)
                        .toList());
        List<CreatableTopicResult> results =
                new ArrayList<>(edited(outcome, createdBy("a"), context).topics());
        assertEquals("a", results.get(0).name());
        assertEquals(DENIED, results.get(1).errorCode());
        assertEquals("Authorization failed.", results.get(1).errorMessage());
        assertEquals(-1, results.get(1).numPartitions());

        FakeContext nobody = new FakeContext(version);
        CreateTopicsResponseData refused =
                answer(CreateTopicsResponseData.class, create.decide(createOf("no"), nobody), nobody);
        assertEquals(DENIED, refused.topics().find("no").errorCode());
    }

    @ParameterizedTest
    @MethodSource("createVersions")
    void configsOfANewTopicTakeDescribeConfigs(short version) {
        FakeContext context =
                new FakeContext(version).allowCluster(Operation.CREATE).allowTopic("shown", Operation.DESCRIBE_CONFIGS);
        Outcome outcome = create.decide(createOf("shown", "hidden"), context);
        if (version < 5) {
            assertForwarded(outcome);
            return;
        }
        CreateTopicsResponseData response = edited(outcome, createdBy("shown", "hidden"), context);
        assertEquals(3, response.topics().find("shown").numPartitions());
        assertEquals(0, response.topics().find("shown").topicConfigErrorCode());
        CreatableTopicResult hidden = response.topics().find("hidden");
        assertEquals(0, hidden.errorCode());
        assertEquals(-1, hidden.numPartitions());
        assertEquals(-1, hidden.replicationFactor());
        assertTrue(hidden.configs().isEmpty());
        assertEquals(DENIED, hidden.topicConfigErrorCode());
        assertTrue(context.denials().isEmpty());
    }

    @Test
    void createOnTheClusterIsNoRightToReservedNames() {
        FakeContext context = new FakeContext(7).allowCluster(Operation.CREATE);
        CreateTopicsResponseData refused =
                answer(CreateTopicsResponseData.class, create.decide(createOf("_weir-policy"), context), context);
        assertEquals(DENIED, refused.topics().find("_weir-policy").errorCode());
    }

    @Test
    void repeatedNamesAndTheMetadataTopicAreLeftToTheBroker() {
        FakeContext context = new FakeContext(4);
        assertForwarded(create.decide(createOf("twice", "twice", "__cluster_metadata"), context));
        assertTrue(context.denials().isEmpty());
    }

    private static DeleteTopicsRequestData deleteOf(int version, String... names) {
        DeleteTopicsRequestData request = new DeleteTopicsRequestData();
        return version < 6
                ? request.setTopicNames(Arrays.asList(names))
                : request.setTopics(Stream.of(names)
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList());
    }

    private static List<DeletableTopicResult> sorted(DeleteTopicsResponseData response) {
        return response.responses().stream()
                .sorted(Comparator.comparing(result -> result.name() == null ? "~" + result.topicId() : result.name()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("deleteVersions")
    void deletingByNameTellsAbsentFromForbiddenToThoseWhoMayDescribe(short version) {
        FakeContext context = new FakeContext(version)
                .topics("mine", "read", "secret")
                .allowTopic("mine", Operation.DELETE)
                .allowTopic("read", Operation.READ)
                .allowTopic("absent", Operation.READ);
        Outcome outcome = delete.decide(deleteOf(version, "absent", "mine", "read", "secret", "nothing"), context);
        DeleteTopicsRequestData sent = rewritten(DeleteTopicsRequestData.class, outcome, context);
        assertEquals(
                List.of("mine"),
                version < 6
                        ? sent.topicNames()
                        : sent.topics().stream().map(DeleteTopicState::name).toList());
        DeleteTopicsResponseData broker = new DeleteTopicsResponseData();
        broker.responses().add(new DeletableTopicResult().setName("mine"));
        List<DeletableTopicResult> results = sorted(edited(outcome, broker, context));
        assertEquals(
                List.of("absent", "mine", "nothing", "read", "secret"),
                results.stream().map(DeletableTopicResult::name).toList());
        assertEquals(
                List.of(Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), (short) 0, DENIED, DENIED, DENIED),
                results.stream().map(DeletableTopicResult::errorCode).toList());
        results.forEach(result -> assertEquals(Uuid.ZERO_UUID, result.topicId()));
    }

    @Test
    void deletingByIdNamesOnlyWhatMayBeDescribed() {
        FakeContext context = new FakeContext(6).topics("read", "secret").allowTopic("read", Operation.READ);
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTopics(List.of(byId(FakeContext.idOf("read")), byId(FakeContext.idOf("secret")), byId(UNKNOWN_ID)));
        DeleteTopicsResponseData response =
                answer(DeleteTopicsResponseData.class, delete.decide(request, context), context);
        assertEquals(DENIED, of(response, FakeContext.idOf("read")).errorCode());
        assertEquals("read", of(response, FakeContext.idOf("read")).name());
        assertEquals(DENIED, of(response, FakeContext.idOf("secret")).errorCode());
        assertEquals(null, of(response, FakeContext.idOf("secret")).name());
        assertEquals(Errors.UNKNOWN_TOPIC_ID.code(), of(response, UNKNOWN_ID).errorCode());
    }

    private static DeleteTopicState byId(Uuid id) {
        return new DeleteTopicState().setName(null).setTopicId(id);
    }

    private static DeletableTopicResult of(DeleteTopicsResponseData response, Uuid id) {
        return response.responses().stream()
                .filter(result -> result.topicId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void deleteOnTheClusterIsNoRightToReservedNames() {
        FakeContext context = new FakeContext(6).topics("any", "_weir-policy").allowCluster(Operation.DELETE);
        assertForwarded(delete.decide(deleteOf(6, "any"), context));
        answer(DeleteTopicsResponseData.class, delete.decide(deleteOf(6, "_weir-policy"), context), context);
        DeleteTopicsRequestData byId =
                new DeleteTopicsRequestData().setTopics(List.of(byId(FakeContext.idOf("_weir-policy"))));
        answer(DeleteTopicsResponseData.class, delete.decide(byId, context), context);
    }

    @Test
    void whatIsGivenTwiceOrAmbiguouslyIsLeftToTheBroker() {
        FakeContext context = new FakeContext(6).topics("secret");
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTopics(List.of(
                        byId(FakeContext.idOf("secret")),
                        byId(FakeContext.idOf("secret")),
                        new DeleteTopicState().setName("secret"),
                        new DeleteTopicState().setName("secret"),
                        new DeleteTopicState().setName("secret").setTopicId(FakeContext.idOf("secret")),
                        byId(Uuid.ZERO_UUID)));
        assertForwarded(delete.decide(request, context));
        assertForwarded(delete.decide(deleteOf(5, "secret", "secret"), new FakeContext(5)));
    }

    @ParameterizedTest
    @MethodSource("partitionVersions")
    void partitionsNeedAlterOnTheTopic(short version) {
        FakeContext context = new FakeContext(version).allowTopic("a", Operation.ALTER);
        assertForwarded(partitions.decide(partitionsOf("a"), context));
        Outcome outcome = partitions.decide(partitionsOf("a", "no", "twice", "twice"), context);
        assertEquals(
                3,
                rewritten(CreatePartitionsRequestData.class, outcome, context)
                        .topics()
                        .size());
        CreatePartitionsResponseData broker = new CreatePartitionsResponseData()
                .setResults(new ArrayList<>(
                        List.of(new CreatePartitionsTopicResult().setName("a").setErrorMessage(null))));
        List<CreatePartitionsTopicResult> results =
                edited(outcome, broker, context).results();
        assertEquals("no", results.get(0).name());
        assertEquals(DENIED, results.get(0).errorCode());
        assertEquals(null, results.get(0).errorMessage());
        assertEquals("a", results.get(1).name());
        assertEquals(
                DENIED,
                answer(CreatePartitionsResponseData.class, partitions.decide(partitionsOf("no"), context), context)
                        .results()
                        .get(0)
                        .errorCode());
    }

    private static CreatePartitionsRequestData partitionsOf(String... names) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        for (String name : names) {
            request.topics().add(new CreatePartitionsTopic().setName(name));
        }
        return request;
    }
}
