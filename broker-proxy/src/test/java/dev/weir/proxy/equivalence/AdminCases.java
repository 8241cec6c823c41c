package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.changing;
import static dev.weir.proxy.equivalence.Case.reading;

import dev.weir.proxy.equivalence.Case.Need;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Topics and configs. */
final class AdminCases {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;
    private static final byte UNKNOWN = 99;

    private AdminCases() {}

    static Stream<Case> all() {
        return Stream.of(
                changing(ApiKeys.CREATE_TOPICS, "topics", Set.of(), (s, v) -> create(s, false))
                        .masking("topicId"),
                reading(ApiKeys.CREATE_TOPICS, "validate only", (s, v) -> create(s, true))
                        .masking("topicId"),
                changing(ApiKeys.DELETE_TOPICS, "names", Set.of(Need.TOPICS), AdminCases::deleteByName),
                changing(ApiKeys.DELETE_TOPICS, "ids", Set.of(Need.TOPICS), AdminCases::deleteById)
                        .since(6),
                changing(
                        ApiKeys.CREATE_PARTITIONS,
                        "topics",
                        Set.of(Need.TOPICS),
                        (s, v) -> createPartitions(s, "open", "hidden", "seen", "write", "open-no", "hidden-no")),
                reading(
                        ApiKeys.CREATE_PARTITIONS,
                        "validate only, and twice",
                        (s, v) -> createPartitions(s, "open", "hidden", "seen", "write", "write")
                                .setValidateOnly(true)),
                reading(
                        ApiKeys.DESCRIBE_CONFIGS,
                        "of clients' metrics",
                        (s, v) -> new DescribeConfigsRequestData()
                                .setResources(
                                        List.of(describe(CLIENT_METRICS, "m"), describe(TOPIC, s.name("hidden"))))),
                reading(ApiKeys.ALTER_CONFIGS, "all types, validate only", (s, v) -> alterNothing(s)),
                reading(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        "all types, validate only",
                        (s, v) -> incrementalAlterNothing(s)),
                reading(ApiKeys.DESCRIBE_CONFIGS, "resources", (s, v) -> describeConfigs(s)),
                reading(
                        ApiKeys.DESCRIBE_CONFIGS,
                        "of an unknown type",
                        (s, v) -> new DescribeConfigsRequestData()
                                .setResources(List.of(
                                        describe(TOPIC, s.name("open")),
                                        describe(UNKNOWN, "x"),
                                        describe(TOPIC, s.name("hidden"))))),
                changing(ApiKeys.ALTER_CONFIGS, "resources", Set.of(Need.TOPICS), (s, v) -> alterConfigs(s)),
                changing(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        "resources",
                        Set.of(Need.TOPICS),
                        (s, v) -> incrementalAlterConfigs(s)),
                reading(ApiKeys.LIST_CONFIG_RESOURCES, "all", (s, v) -> new ListConfigResourcesRequestData()),
                reading(
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        "topics",
                        (s, v) ->
                                v < 1 ? null : new ListConfigResourcesRequestData().setResourceTypes(List.of(TOPIC))));
    }

    private static ApiMessage create(Scene s, boolean validateOnly) {
        CreateTopicsRequestData request =
                new CreateTopicsRequestData().setValidateOnly(validateOnly).setTimeoutMs(30_000);
        Stream.of("made", "open-new", "hidden-new", "read-new", "open-twice", "open-twice")
                .map(s::name)
                .forEach(name -> request.topics().add(creatable(name)));
        Stream.of("open", "hidden")
                .map(s.shared()::name)
                .forEach(name -> request.topics().add(creatable(name)));
        request.topics().add(creatable("__cluster_metadata"));
        return request;
    }

    private static CreateTopicsRequestData.CreatableTopic creatable(String name) {
        return new CreateTopicsRequestData.CreatableTopic()
                .setName(name)
                .setNumPartitions(2)
                .setReplicationFactor((short) 1);
    }

    private static ApiMessage deleteByName(Scene s, short version) {
        List<String> names = Stream.of("open", "hidden", "open-no", "hidden-no", "hidden-no")
                .map(s::name)
                .toList();
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(30_000);
        return version < 6
                ? request.setTopicNames(names)
                : request.setTopics(names.stream()
                        .map(name -> new DeleteTopicsRequestData.DeleteTopicState().setName(name))
                        .toList());
    }

    private static ApiMessage deleteById(Scene s, short version) {
        return new DeleteTopicsRequestData()
                .setTimeoutMs(30_000)
                .setTopics(Stream.of("open", "hidden", "open-no", "hidden-no")
                        .map(role -> new DeleteTopicsRequestData.DeleteTopicState()
                                .setName(null)
                                .setTopicId(s.id(role)))
                        .toList());
    }

    private static CreatePartitionsRequestData createPartitions(Scene s, String... roles) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(30_000);
        for (String role : roles) {
            request.topics()
                    .add(new CreatePartitionsRequestData.CreatePartitionsTopic()
                            .setName(s.name(role))
                            .setCount(3)
                            .setAssignments(null));
        }
        return request;
    }

    private static DescribeConfigsRequestData.DescribeConfigsResource describe(byte type, String name) {
        return new DescribeConfigsRequestData.DescribeConfigsResource()
                .setResourceType(type)
                .setResourceName(name)
                .setConfigurationKeys(List.of("retention.ms", "log.retention.ms", "root"));
    }

    private static ApiMessage describeConfigs(Scene s) {
        return new DescribeConfigsRequestData()
                .setResources(Stream.of(
                                DataCases.TOPICS.stream().map(role -> describe(TOPIC, s.name(role))),
                                Stream.of(describe(BROKER, "1"), describe(BROKER, ""), describe(LOGGER, "1")),
                                GroupCases.GROUPS.stream().map(role -> describe(GROUP, s.name(role))))
                        .flatMap(each -> each)
                        .toList());
    }

    private static ApiMessage alterConfigs(Scene s) {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        Stream.of("open", "hidden", "open-no", "hidden-no")
                .forEach(role -> request.resources().add(alter(TOPIC, s.name(role), "retention.ms")));
        request.resources().add(alter(GROUP, s.name("open"), "consumer.session.timeout.ms"));
        request.resources().add(alter(GROUP, s.name("hidden"), "consumer.session.timeout.ms"));
        return request;
    }

    /** Resources of every type: each byte is a type, and its name is of no matter to who may change it. */
    private static Map<String, Byte> everyType(Scene s) {
        return Map.of(
                s.name("open"),
                TOPIC,
                s.name("hidden"),
                TOPIC,
                "1",
                BROKER,
                "",
                BROKER,
                "1 logger",
                LOGGER,
                "m",
                CLIENT_METRICS,
                s.name("read"),
                GROUP,
                s.name("seen"),
                GROUP,
                "x",
                UNKNOWN);
    }

    private static ApiMessage alterNothing(Scene s) {
        AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(true);
        everyType(s)
                .forEach((name, type) -> request.resources()
                        .add(new AlterConfigsRequestData.AlterConfigsResource()
                                .setResourceType(type)
                                .setResourceName(name)));
        return request;
    }

    private static ApiMessage incrementalAlterNothing(Scene s) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData().setValidateOnly(true);
        everyType(s)
                .forEach((name, type) -> request.resources()
                        .add(new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                                .setResourceType(type)
                                .setResourceName(name)));
        return request;
    }

    private static AlterConfigsRequestData.AlterConfigsResource alter(byte type, String name, String key) {
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(type)
                .setResourceName(name);
        resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig().setName(key).setValue("50000"));
        return resource;
    }

    private static ApiMessage incrementalAlterConfigs(Scene s) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        Stream.of("open", "hidden", "open-no", "hidden-no")
                .forEach(role -> request.resources().add(incremental(TOPIC, s.name(role), "retention.ms")));
        request.resources().add(incremental(GROUP, s.name("open"), "consumer.session.timeout.ms"));
        request.resources().add(incremental(GROUP, s.name("hidden"), "consumer.session.timeout.ms"));
        request.resources().add(incremental(UNKNOWN, "x", "y"));
        return request;
    }

    private static IncrementalAlterConfigsRequestData.AlterConfigsResource incremental(
            byte type, String name, String key) {
        IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(type)
                        .setResourceName(name);
        resource.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(key)
                        .setValue("50000"));
        return resource;
    }
}
