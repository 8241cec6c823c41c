package dev.weir.proxy.authorize;

import static dev.weir.proxy.authorize.Outcomes.answer;
import static dev.weir.proxy.authorize.Outcomes.assertForwarded;
import static dev.weir.proxy.authorize.Outcomes.edited;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData.ConfigResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterAuthorizersTest {
    private static final Map<ApiKeys, Operation> NEEDED = Map.ofEntries(
            Map.entry(ApiKeys.ELECT_LEADERS, Operation.ALTER),
            Map.entry(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, Operation.ALTER),
            Map.entry(ApiKeys.LIST_PARTITION_REASSIGNMENTS, Operation.DESCRIBE),
            Map.entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, Operation.ALTER),
            Map.entry(ApiKeys.DESCRIBE_LOG_DIRS, Operation.DESCRIBE),
            Map.entry(ApiKeys.DESCRIBE_CLIENT_QUOTAS, Operation.DESCRIBE_CONFIGS),
            Map.entry(ApiKeys.ALTER_CLIENT_QUOTAS, Operation.ALTER_CONFIGS),
            Map.entry(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, Operation.DESCRIBE),
            Map.entry(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, Operation.ALTER),
            Map.entry(ApiKeys.DESCRIBE_ACLS, Operation.DESCRIBE),
            Map.entry(ApiKeys.CREATE_ACLS, Operation.ALTER),
            Map.entry(ApiKeys.DELETE_ACLS, Operation.ALTER),
            Map.entry(ApiKeys.DESCRIBE_QUORUM, Operation.DESCRIBE),
            Map.entry(ApiKeys.UPDATE_FEATURES, Operation.ALTER),
            Map.entry(ApiKeys.UNREGISTER_BROKER, Operation.ALTER),
            Map.entry(ApiKeys.ADD_RAFT_VOTER, Operation.ALTER),
            Map.entry(ApiKeys.REMOVE_RAFT_VOTER, Operation.ALTER),
            Map.entry(ApiKeys.LIST_CONFIG_RESOURCES, Operation.DESCRIBE_CONFIGS));

    static Stream<Arguments> versions() {
        return NEEDED.keySet().stream()
                .flatMap(api -> OnTheWire.versions(api).stream().map(version -> Arguments.of(api, version)));
    }

    static List<Short> describeClusterVersions() {
        return OnTheWire.versions(ApiKeys.DESCRIBE_CLUSTER);
    }

    private static ApiMessage emptyRequest(ApiKeys api) {
        if (api == ApiKeys.DESCRIBE_ACLS) {
            byte any = 1;
            return new DescribeAclsRequestData()
                    .setResourceTypeFilter(any)
                    .setOperation(any)
                    .setPermissionType(any);
        }
        return ApiMessageType.fromApiKey(api.id).newRequest();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void oneOperationOnTheClusterIsNeededAndNoOtherDoes(ApiKeys api, short version) {
        ApiAuthorizer<ApiMessage> authorizer = ApiAuthorizers.of(api);
        assertNotNull(authorizer);
        Operation needed = NEEDED.get(api);
        FakeContext allowed = new FakeContext(version).allowCluster(needed);
        assertInstanceOf(Outcome.Forward.class, authorizer.decide(emptyRequest(api), allowed));
        FakeContext other = new FakeContext(version)
                .allowCluster(Operation.CREATE, Operation.CLUSTER_ACTION, Operation.IDEMPOTENT_WRITE);
        assertInstanceOf(Outcome.Answer.class, authorizer.decide(emptyRequest(api), other));
        assertEquals(List.of("CLUSTER:kafka-cluster:" + needed), other.denials());
    }

    @Test
    void refusalsSayWhatIsMissingWhereKafkaDoes() {
        FakeContext nobody = new FakeContext(1);
        AlterPartitionReassignmentsResponseData refused = answer(
                AlterPartitionReassignmentsResponseData.class,
                ClusterAuthorizers.alterPartitionReassignments()
                        .decide(new AlterPartitionReassignmentsRequestData(), nobody),
                nobody);
        assertEquals(Errors.CLUSTER_AUTHORIZATION_FAILED.code(), refused.errorCode());
        assertEquals("Request AlterPartitionReassignments needs ALTER permission.", refused.errorMessage());
    }

    @Test
    void theCredentialsOfAllUsersAreRefusedToo() {
        FakeContext nobody = new FakeContext(0);
        ApiAuthorizer<ApiMessage> authorizer = ApiAuthorizers.of(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS);
        assertNotNull(authorizer);
        DescribeUserScramCredentialsResponseData refused = answer(
                DescribeUserScramCredentialsResponseData.class,
                authorizer.decide(new DescribeUserScramCredentialsRequestData().setUsers(null), nobody),
                nobody);
        assertEquals(Errors.CLUSTER_AUTHORIZATION_FAILED.code(), refused.errorCode());
    }

    @Test
    void aRightOnTheClusterIsNoneOnWeirsOwnTopics() {
        FakeContext context = new FakeContext(1).allowCluster(Operation.ALTER, Operation.DESCRIBE_CONFIGS);
        AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData()
                .setTopics(List.of(new ReassignableTopic().setName("_weir-policy")));
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(),
                answer(
                                AlterPartitionReassignmentsResponseData.class,
                                ClusterAuthorizers.alterPartitionReassignments().decide(request, context),
                                context)
                        .errorCode());

        ApiAuthorizer<ApiMessage> list = ApiAuthorizers.of(ApiKeys.LIST_CONFIG_RESOURCES);
        assertNotNull(list);
        ListConfigResourcesResponseData broker = new ListConfigResourcesResponseData()
                .setConfigResources(new ArrayList<>(List.of(
                        new ConfigResource().setResourceName("_weir-policy").setResourceType((byte) 2),
                        new ConfigResource().setResourceName("orders").setResourceType((byte) 2))));
        List<ConfigResource> shown = edited(list.decide(new ListConfigResourcesRequestData(), context), broker, context)
                .configResources();
        assertEquals(
                List.of("orders"),
                shown.stream().map(ConfigResource::resourceName).toList());
    }

    @Test
    void contentThatKafkaCannotReadClosesTheConnection() {
        ApiAuthorizer<ApiMessage> authorizer = ApiAuthorizers.of(ApiKeys.DESCRIBE_ACLS);
        assertNotNull(authorizer);
        DescribeAclsRequestData unknownElements = new DescribeAclsRequestData();
        assertInstanceOf(Outcome.Close.class, authorizer.decide(unknownElements, new FakeContext(3)));
    }

    @ParameterizedTest
    @MethodSource("describeClusterVersions")
    void operationsOnTheClusterAreTheClients(short version) {
        DescribeClusterAuthorizer authorizer = new DescribeClusterAuthorizer();
        FakeContext nobody = new FakeContext(version);
        assertForwarded(authorizer.decide(new DescribeClusterRequestData(), nobody));
        DescribeClusterRequestData request =
                new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true);
        DescribeClusterResponseData broker = new DescribeClusterResponseData().setClusterAuthorizedOperations(-1);
        assertEquals(
                0,
                edited(authorizer.decide(request, nobody), broker.duplicate(), nobody)
                        .clusterAuthorizedOperations());
        FakeContext describes = new FakeContext(version).allowCluster(Operation.DESCRIBE);
        assertEquals(
                Operation.DESCRIBE.bit(),
                edited(authorizer.decide(request, describes), broker.duplicate(), describes)
                        .clusterAuthorizedOperations());
    }

    @Test
    void tokensAreForPrincipalsThatTheBrokerSees() {
        ApiAuthorizer<ApiMessage> authorizer = ApiAuthorizers.of(ApiKeys.CREATE_DELEGATION_TOKEN);
        assertNotNull(authorizer);
        FakeContext shared = new FakeContext(3).allowCluster(Operation.values());
        assertEquals(
                Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code(),
                answer(
                                CreateDelegationTokenResponseData.class,
                                authorizer.decide(new CreateDelegationTokenRequestData(), shared),
                                shared)
                        .errorCode());
        assertForwarded(authorizer.decide(
                new CreateDelegationTokenRequestData(), new FakeContext(3).sharedUpstreamCredentials(false)));
    }
}
