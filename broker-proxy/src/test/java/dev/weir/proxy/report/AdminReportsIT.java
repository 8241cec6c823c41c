package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.RawKafkaConnection;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every API that administers: what the audit says of it when policy lets it pass, and when it does not. */
class AdminReportsIT {
    private static final String TOPIC = "audited";
    private static final String GROUP = "audited-group";
    private static final byte CONFIG_OF_TOPIC = 2;
    private static final byte ACL_OF_TOPIC = 2;
    private static final byte LITERAL = 3;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;
    private static final byte SCRAM_SHA_256 = 1;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;

    /**
     * One request.
     *
     * @param type and name of what it is about
     * @param operation that changes it
     * @param decidedOn the type of resource whose rule is asked for
     * @param error how this Kafka answers
     */
    private record Case(
            ApiMessage request,
            String type,
            String name,
            String operation,
            ResourceType decidedOn,
            String decidedOperation,
            Errors error) {
        ApiKeys api() {
            return ApiKeys.forId(request.apiKey());
        }

        @Override
        public String toString() {
            return api().name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.builder().brokers(1).start();
        kafka.createTopic(TOPIC, 1);
        kafka.admin().listConsumerGroupOffsets(GROUP).all().get(); // whereupon there is a coordinator
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .reports(settings -> settings.withTimes(100, 5_000))
                .start();
        reported = new ReportedRecords(kafka.bootstrap());
    }

    @AfterAll
    static void stop() {
        reported.close();
        weir.close();
        kafka.close();
    }

    static Stream<Case> cases() {
        return Stream.of(topics(), configs(), groups(), cluster()).flatMap(each -> each);
    }

    @Test
    void everyApiThatAdministersHasItsCase() {
        Set<ApiKeys> concerned = EnumSet.copyOf(
                Arrays.stream(ApiKeys.values()).filter(AdminReports::concerns).toList());

        assertThat(cases().map(Case::api).collect(Collectors.toSet())).isEqualTo(concerned);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatPassesIsAuditedWithTheRuleThatAllowedIt(Case one) {
        weir.policy(TestPolicy.allowAll());

        ask("operator-of-" + one, one);

        Audit audit = only(told -> told.getKind() == Audit.Kind.ADMIN && isBy(told, "operator-of-" + one));
        assertThat(audit.getApi()).isEqualTo(one.api().name);
        assertThat(audit.getResourceType()).isEqualTo(one.type);
        assertThat(audit.getResourceName()).isEqualTo(one.name);
        assertThat(audit.getOperation()).isEqualTo(one.operation);
        assertThat(Errors.forCode((short) audit.getErrorCode())).isEqualTo(one.error);
        assertThat(audit.getRule()).isEqualTo("test/rule");
        assertThat(audit.getRuleAt()).isEqualTo("test.yaml:1");
        assertThat(audit.getPolicyRevision()).isEqualTo("test");
        assertWho(audit);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsRefusedIsAuditedWithTheRuleThatRefusedIt(Case one) {
        weir.policy(TestPolicy.of((subject, type, name, operation) -> false));

        ask("intruder-of-" + one, one);

        Audit audit = only(told ->
                isBy(told, "intruder-of-" + one) && told.getResourceType().equals(one.decidedOn.name()));
        assertThat(audit.getKind()).isEqualTo(Audit.Kind.DENIED);
        assertThat(audit.getResourceName())
                .isEqualTo(one.decidedOn == ResourceType.CLUSTER ? ResourceType.CLUSTER_NAME : one.name);
        assertThat(audit.getOperation()).isEqualTo(one.decidedOperation);
        assertThat(audit.getRule()).isEqualTo("test/rule");
        assertThat(audit.getRuleAt()).isEqualTo("test.yaml:1");
        assertThat(audit.getPolicyRevision()).isEqualTo("test");
        assertWho(audit);
    }

    private static void assertWho(Audit audit) {
        assertThat(audit.getCount()).isEqualTo(1);
        assertThat(audit.getFirstMillis()).isPositive().isEqualTo(audit.getLastMillis());
        assertThat(audit.getHeader().getCluster()).isEqualTo("main");
        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:anonymous");
        assertThat(audit.getClient().getListener()).isEqualTo("plain");
        assertThat(audit.getClient().getSource()).isEqualTo("127.0.0.1");
    }

    private static void ask(String clientId, Case one) {
        try (RawKafkaConnection connection =
                RawKafkaConnection.open(weir.bootstrap()).withClientId(clientId)) {
            connection.request(one.request, one.api().latestVersion());
        }
    }

    private static boolean isBy(Audit audit, String clientId) {
        return audit.getClient().getClientId().equals(clientId);
    }

    /** The one audit that there is of a kind. */
    private static Audit only(Predicate<Audit> wanted) {
        Patience.awaitAnswer()
                .untilAsserted(() -> assertThat(reported.poll().audits(wanted)).isNotEmpty());
        List<Audit> audits = reported.audits(wanted);
        assertThat(audits).hasSize(1);
        return audits.get(0);
    }

    // ---- the cases

    private static Case ofTopic(ApiMessage request, String name, String operation, Errors error) {
        return new Case(request, "TOPIC", name, operation, ResourceType.TOPIC, operation, error);
    }

    private static Case ofGroup(ApiMessage request, String operation, String decided, Errors error) {
        return new Case(request, "GROUP", GROUP, operation, ResourceType.GROUP, decided, error);
    }

    private static Case ofCluster(ApiMessage request, String operation, Errors error) {
        return new Case(
                request, "CLUSTER", ResourceType.CLUSTER_NAME, operation, ResourceType.CLUSTER, operation, error);
    }

    /** About a topic, but decided for the cluster. */
    private static Case ofTopicInCluster(ApiMessage request, Errors error) {
        return new Case(request, "TOPIC", TOPIC, "ALTER", ResourceType.CLUSTER, "ALTER", error);
    }

    private static Stream<Case> topics() {
        CreateTopicsRequestData create = new CreateTopicsRequestData().setTimeoutMs(30_000);
        create.topics()
                .add(new CreateTopicsRequestData.CreatableTopic()
                        .setName("created")
                        .setNumPartitions(1)
                        .setReplicationFactor((short) 1));
        CreatePartitionsRequestData more = new CreatePartitionsRequestData().setTimeoutMs(30_000);
        more.topics()
                .add(new CreatePartitionsRequestData.CreatePartitionsTopic()
                        .setName(TOPIC)
                        .setCount(2)
                        .setAssignments(null));
        ElectLeadersRequestData elect = new ElectLeadersRequestData().setTimeoutMs(30_000);
        elect.topicPartitions()
                .add(new ElectLeadersRequestData.TopicPartitions()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(0)));
        AlterReplicaLogDirsRequestData move = new AlterReplicaLogDirsRequestData();
        AlterReplicaLogDirsRequestData.AlterReplicaLogDir dir =
                new AlterReplicaLogDirsRequestData.AlterReplicaLogDir().setPath("/nowhere");
        dir.topics()
                .add(new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(0)));
        move.dirs().add(dir);
        return Stream.of(
                new Case(create, "TOPIC", "created", "CREATE", ResourceType.TOPIC, "CREATE", Errors.NONE),
                ofTopic(
                        new DeleteTopicsRequestData()
                                .setTimeoutMs(30_000)
                                .setTopics(List.of(new DeleteTopicsRequestData.DeleteTopicState().setName("missing"))),
                        "missing",
                        "DELETE",
                        Errors.UNKNOWN_TOPIC_OR_PARTITION),
                ofTopic(more, TOPIC, "ALTER", Errors.NONE),
                ofTopic(
                        new DeleteRecordsRequestData()
                                .setTimeoutMs(30_000)
                                .setTopics(List.of(new DeleteRecordsRequestData.DeleteRecordsTopic()
                                        .setName(TOPIC)
                                        .setPartitions(List.of(
                                                new DeleteRecordsRequestData.DeleteRecordsPartition().setOffset(5))))),
                        TOPIC,
                        "DELETE",
                        Errors.OFFSET_OUT_OF_RANGE),
                ofTopicInCluster(elect, Errors.ELECTION_NOT_NEEDED),
                ofTopicInCluster(
                        new AlterPartitionReassignmentsRequestData()
                                .setTopics(List.of(new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                                        .setName(TOPIC)
                                        .setPartitions(List.of(
                                                new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                                        .setReplicas(null))))),
                        Errors.NO_REASSIGNMENT_IN_PROGRESS),
                ofTopicInCluster(move, Errors.LOG_DIR_NOT_FOUND));
    }

    private static Stream<Case> configs() {
        AlterConfigsRequestData replace = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource all = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(CONFIG_OF_TOPIC)
                .setResourceName(TOPIC);
        all.configs()
                .add(new AlterConfigsRequestData.AlterableConfig()
                        .setName("retention.ms")
                        .setValue("50000"));
        replace.resources().add(all);
        IncrementalAlterConfigsRequestData change = new IncrementalAlterConfigsRequestData();
        IncrementalAlterConfigsRequestData.AlterConfigsResource one =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(CONFIG_OF_TOPIC)
                        .setResourceName(TOPIC);
        one.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName("no.such.config")
                        .setValue("50000"));
        change.resources().add(one);
        return Stream.of(
                ofTopic(replace, TOPIC, "ALTER_CONFIGS", Errors.NONE),
                ofTopic(change, TOPIC, "ALTER_CONFIGS", Errors.INVALID_CONFIG));
    }

    private static Stream<Case> groups() {
        OffsetDeleteRequestData offsets = new OffsetDeleteRequestData().setGroupId(GROUP);
        offsets.topics()
                .add(new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition())));
        AlterShareGroupOffsetsRequestData alter = new AlterShareGroupOffsetsRequestData().setGroupId(GROUP);
        alter.topics()
                .add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic()
                        .setTopicName(TOPIC)
                        .setPartitions(List.of(
                                new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition())));
        return Stream.of(
                ofGroup(
                        new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP)),
                        "DELETE",
                        "DELETE",
                        Errors.GROUP_ID_NOT_FOUND),
                ofGroup(offsets, "DELETE", "DELETE", Errors.GROUP_ID_NOT_FOUND),
                ofGroup(alter, "ALTER", "READ", Errors.NONE),
                ofGroup(
                        new DeleteShareGroupOffsetsRequestData()
                                .setGroupId(GROUP)
                                .setTopics(List.of(
                                        new DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic()
                                                .setTopicName(TOPIC))),
                        "DELETE",
                        "DELETE",
                        Errors.NONE));
    }

    private static Stream<Case> cluster() {
        AddRaftVoterRequestData voter = new AddRaftVoterRequestData()
                .setClusterId("another")
                .setVoterId(99)
                .setVoterDirectoryId(new Uuid(9, 9))
                .setTimeoutMs(1_000);
        voter.listeners()
                .add(new AddRaftVoterRequestData.Listener()
                        .setName("CONTROLLER")
                        .setHost("127.0.0.1")
                        .setPort(1));
        return Stream.of(
                ofCluster(
                        new CreateAclsRequestData()
                                .setCreations(List.of(new CreateAclsRequestData.AclCreation()
                                        .setResourceType(ACL_OF_TOPIC)
                                        .setResourceName(TOPIC)
                                        .setResourcePatternType(LITERAL)
                                        .setPrincipal("User:someone")
                                        .setHost("*")
                                        .setOperation(READ)
                                        .setPermissionType(ALLOW))),
                        "ALTER",
                        Errors.SECURITY_DISABLED),
                ofCluster(
                        new DeleteAclsRequestData()
                                .setFilters(List.of(new DeleteAclsRequestData.DeleteAclsFilter()
                                        .setResourceTypeFilter(ACL_OF_TOPIC)
                                        .setResourceNameFilter(TOPIC)
                                        .setPatternTypeFilter(LITERAL)
                                        .setOperation(READ)
                                        .setPermissionType(ALLOW))),
                        "ALTER",
                        Errors.SECURITY_DISABLED),
                ofCluster(
                        new AlterClientQuotasRequestData()
                                .setEntries(List.of(new AlterClientQuotasRequestData.EntryData()
                                        .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                                                .setEntityType("user")
                                                .setEntityName("someone")))
                                        .setOps(List.of(new AlterClientQuotasRequestData.OpData()
                                                .setKey("no_such_quota")
                                                .setValue(50))))),
                        "ALTER_CONFIGS",
                        Errors.INVALID_REQUEST),
                ofCluster(
                        new AlterUserScramCredentialsRequestData()
                                .setDeletions(List.of(new AlterUserScramCredentialsRequestData.ScramCredentialDeletion()
                                        .setName("someone")
                                        .setMechanism(SCRAM_SHA_256))),
                        "ALTER",
                        Errors.RESOURCE_NOT_FOUND),
                ofCluster(new UpdateFeaturesRequestData(), "ALTER", Errors.NONE),
                ofCluster(new UnregisterBrokerRequestData().setBrokerId(99), "ALTER", Errors.BROKER_ID_NOT_REGISTERED),
                ofCluster(voter, "ALTER", Errors.INCONSISTENT_CLUSTER_ID),
                ofCluster(
                        new RemoveRaftVoterRequestData()
                                .setClusterId("another")
                                .setVoterId(99)
                                .setVoterDirectoryId(new Uuid(9, 9)),
                        "ALTER",
                        Errors.INCONSISTENT_CLUSTER_ID));
    }
}
