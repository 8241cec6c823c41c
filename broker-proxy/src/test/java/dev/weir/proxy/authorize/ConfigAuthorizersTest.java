package dev.weir.proxy.authorize;

import static dev.weir.proxy.authorize.Outcomes.answer;
import static dev.weir.proxy.authorize.Outcomes.assertForwarded;
import static dev.weir.proxy.authorize.Outcomes.edited;
import static dev.weir.proxy.authorize.Outcomes.rewritten;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigAuthorizersTest {
    private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
    private static final byte GROUP = ConfigResource.Type.GROUP.id();
    private static final byte BROKER = ConfigResource.Type.BROKER.id();
    private static final byte LOGGER = ConfigResource.Type.BROKER_LOGGER.id();
    private static final byte CLIENT_METRICS = ConfigResource.Type.CLIENT_METRICS.id();
    private static final byte UNKNOWN = 99;

    private final DescribeConfigsAuthorizer describe = new DescribeConfigsAuthorizer();
    private final ApiAuthorizer<AlterConfigsRequestData> alter =
            new ConfigChangeAuthorizer<>(new AlterConfigsMessages());
    private final ApiAuthorizer<IncrementalAlterConfigsRequestData> incremental =
            new ConfigChangeAuthorizer<>(new IncrementalAlterConfigsMessages());

    static List<Short> describeVersions() {
        return OnTheWire.versions(ApiKeys.DESCRIBE_CONFIGS);
    }

    static List<Short> alterVersions() {
        return OnTheWire.versions(ApiKeys.ALTER_CONFIGS);
    }

    static List<Short> incrementalVersions() {
        return OnTheWire.versions(ApiKeys.INCREMENTAL_ALTER_CONFIGS);
    }

    private static DescribeConfigsRequestData describeOf(DescribeConfigsResource... resources) {
        return new DescribeConfigsRequestData().setResources(List.of(resources));
    }

    private static DescribeConfigsResource resource(byte type, String name) {
        return new DescribeConfigsResource()
                .setResourceType(type)
                .setResourceName(name)
                .setConfigurationKeys(null);
    }

    @ParameterizedTest
    @MethodSource("describeVersions")
    void eachKindOfResourceIsRefusedInItsOwnWay(short version) {
        FakeContext nobody = new FakeContext(version);
        DescribeConfigsResponseData refused = answer(
                DescribeConfigsResponseData.class,
                describe.decide(
                        describeOf(
                                resource(TOPIC, "t"),
                                resource(GROUP, "g"),
                                resource(BROKER, "1"),
                                resource(LOGGER, "1"),
                                resource(CLIENT_METRICS, "m")),
                        nobody),
                nobody);
        assertEquals(
                List.of(
                        Errors.TOPIC_AUTHORIZATION_FAILED.code(),
                        Errors.GROUP_AUTHORIZATION_FAILED.code(),
                        Errors.CLUSTER_AUTHORIZATION_FAILED.code(),
                        Errors.CLUSTER_AUTHORIZATION_FAILED.code(),
                        Errors.CLUSTER_AUTHORIZATION_FAILED.code()),
                refused.results().stream().map(DescribeConfigsResult::errorCode).toList());
        FakeContext context = new FakeContext(version).allowTopic("t", Operation.DESCRIBE_CONFIGS);
        assertForwarded(describe.decide(describeOf(resource(TOPIC, "t")), context));
        Outcome outcome = describe.decide(describeOf(resource(TOPIC, "no"), resource(TOPIC, "t")), context);
        assertEquals(
                1,
                rewritten(DescribeConfigsRequestData.class, outcome, context)
                        .resources()
                        .size());
        DescribeConfigsResponseData broker = new DescribeConfigsResponseData()
                .setResults(new ArrayList<>(List.of(
                        new DescribeConfigsResult().setResourceType(TOPIC).setResourceName("t"))));
        List<DescribeConfigsResult> results = edited(outcome, broker, context).results();
        assertEquals("no", results.get(1).resourceName());
        assertEquals(Errors.TOPIC_AUTHORIZATION_FAILED.message(), results.get(1).errorMessage());
    }

    @ParameterizedTest
    @MethodSource("describeVersions")
    void anUnknownKindFailsTheWholeRequest(short version) {
        FakeContext context = new FakeContext(version).allowTopic("t", Operation.DESCRIBE_CONFIGS);
        DescribeConfigsResponseData refused = answer(
                DescribeConfigsResponseData.class,
                describe.decide(describeOf(resource(TOPIC, "t"), resource(UNKNOWN, "x")), context),
                context);
        refused.results().forEach(result -> assertEquals(Errors.INVALID_REQUEST.code(), result.errorCode()));
    }

    @ParameterizedTest
    @MethodSource("describeVersions")
    void brokerAddressesAreShownAsSecretsAre(short version) {
        FakeContext context = new FakeContext(version).allowCluster(Operation.DESCRIBE_CONFIGS);
        Outcome outcome = describe.decide(describeOf(resource(BROKER, "1")), context);
        DescribeConfigsResult result =
                new DescribeConfigsResult().setResourceType(BROKER).setResourceName("1");
        for (String name : List.of(
                "advertised.listeners",
                "listeners",
                "controller.quorum.voters",
                "controller.quorum.bootstrap.servers",
                "rlmm.config.remote.log.metadata.common.client.bootstrap.servers")) {
            result.configs()
                    .add(new DescribeConfigsResourceResult()
                            .setName(name)
                            .setValue("kafka-1:9092")
                            .setSynonyms(List.of(
                                    new DescribeConfigsSynonym().setName(name).setValue("kafka-1:9092"))));
        }
        result.configs()
                .add(new DescribeConfigsResourceResult()
                        .setName("num.io.threads")
                        .setValue("8"));
        List<DescribeConfigsResourceResult> configs = edited(
                        outcome, new DescribeConfigsResponseData().setResults(List.of(result)), context)
                .results()
                .get(0)
                .configs();
        for (DescribeConfigsResourceResult config : configs.subList(0, 5)) {
            assertNull(config.value(), config.name());
            assertTrue(config.isSensitive(), config.name());
            config.synonyms().forEach(synonym -> assertNull(synonym.value()));
        }
        assertEquals("8", configs.get(5).value());
    }

    private static AlterConfigsResource change(byte type, String name, AlterableConfig... configs) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type).setResourceName(name);
        for (AlterableConfig config : configs) {
            resource.configs().add(config);
        }
        return resource;
    }

    private static AlterableConfig set(String name, String value) {
        return new AlterableConfig().setName(name).setValue(value).setConfigOperation(AlterConfigOp.OpType.SET.id());
    }

    private static IncrementalAlterConfigsRequestData incrementalOf(AlterConfigsResource... resources) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        for (AlterConfigsResource resource : resources) {
            request.resources().add(resource);
        }
        return request;
    }

    @ParameterizedTest
    @MethodSource("incrementalVersions")
    void refusedChangesKeepTheirPlaces(short version) {
        FakeContext context = new FakeContext(version).allowTopic("t", Operation.ALTER_CONFIGS);
        assertForwarded(incremental.decide(incrementalOf(change(TOPIC, "t", set("a", "1"))), context));
        Outcome outcome = incremental.decide(
                incrementalOf(
                        change(BROKER, "1", set("a", "1")),
                        change(TOPIC, "twice"),
                        change(TOPIC, "t", set("a", "1")),
                        change(LOGGER, "1", set("a", "INFO")),
                        change(TOPIC, "twice"),
                        change(GROUP, "g", set("a", "1")),
                        change(UNKNOWN, "x", set("a", "1")),
                        change(TOPIC, "no", set("a", null)),
                        change(TOPIC, "no2", set("a", "1"), set("b", null).setConfigOperation((byte) 1))),
                context);
        assertEquals(
                List.of("twice", "t", "twice"),
                rewritten(IncrementalAlterConfigsRequestData.class, outcome, context).resources().stream()
                        .map(AlterConfigsResource::resourceName)
                        .toList());
        AlterConfigsResourceResponse twice = new AlterConfigsResourceResponse()
                .setResourceType(TOPIC)
                .setResourceName("twice")
                .setErrorCode(Errors.INVALID_REQUEST.code())
                .setErrorMessage("Each resource must appear at most once.");
        IncrementalAlterConfigsResponseData broker = new IncrementalAlterConfigsResponseData()
                .setResponses(List.of(
                        twice,
                        new AlterConfigsResourceResponse()
                                .setResourceType(TOPIC)
                                .setResourceName("t"),
                        twice.duplicate()));
        List<AlterConfigsResourceResponse> results =
                edited(outcome, broker, context).responses();
        assertEquals(
                List.of(
                        Errors.CLUSTER_AUTHORIZATION_FAILED.code(),
                        Errors.INVALID_REQUEST.code(),
                        (short) 0,
                        Errors.CLUSTER_AUTHORIZATION_FAILED.code(),
                        Errors.INVALID_REQUEST.code(),
                        Errors.GROUP_AUTHORIZATION_FAILED.code(),
                        Errors.INVALID_REQUEST.code(),
                        Errors.INVALID_REQUEST.code(),
                        Errors.TOPIC_AUTHORIZATION_FAILED.code()),
                results.stream().map(AlterConfigsResourceResponse::errorCode).toList());
        assertEquals(
                Errors.CLUSTER_AUTHORIZATION_FAILED.message(), results.get(0).errorMessage());
        assertNull(results.get(3).errorMessage());
        assertEquals("Unknown resource type 99", results.get(6).errorMessage());
        assertEquals("Null value not supported for : a", results.get(7).errorMessage());
    }

    @ParameterizedTest
    @MethodSource("alterVersions")
    void replacingConfigsKnowsNoLoggers(short version) {
        FakeContext context = new FakeContext(version)
                .allowTopic("t", Operation.ALTER_CONFIGS)
                .allowCluster(Operation.ALTER_CONFIGS);
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(legacy(TOPIC, "t"));
        request.resources().add(legacy(BROKER, "1"));
        assertForwarded(alter.decide(request, context));
        AlterConfigsRequestData loggers = new AlterConfigsRequestData();
        loggers.resources().add(legacy(LOGGER, "1"));
        loggers.resources().add(legacy(TOPIC, "no"));
        AlterConfigsResponseData refused =
                answer(AlterConfigsResponseData.class, alter.decide(loggers, context), context);
        assertEquals(Errors.INVALID_REQUEST.code(), refused.responses().get(0).errorCode());
        assertEquals("Unknown resource type 8", refused.responses().get(0).errorMessage());
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(),
                refused.responses().get(1).errorCode());
    }

    private static AlterConfigsRequestData.AlterConfigsResource legacy(byte type, String name) {
        return new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(type)
                .setResourceName(name);
    }
}
