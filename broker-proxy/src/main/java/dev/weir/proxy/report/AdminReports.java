package dev.weir.proxy.report;

import static java.util.Map.entry;

import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.audit.AuditEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** Administrative requests for the audit: who changed what, and how Kafka answered. Event loop of the connection. */
final class AdminReports {
    /** What changes something, and the operation that it is, as Kafka names it. */
    private static final Map<ApiKeys, String> OPERATIONS = Map.ofEntries(
            entry(ApiKeys.CREATE_TOPICS, "CREATE"),
            entry(ApiKeys.DELETE_TOPICS, "DELETE"),
            entry(ApiKeys.CREATE_PARTITIONS, "ALTER"),
            entry(ApiKeys.DELETE_RECORDS, "DELETE"),
            entry(ApiKeys.ALTER_CONFIGS, "ALTER_CONFIGS"),
            entry(ApiKeys.INCREMENTAL_ALTER_CONFIGS, "ALTER_CONFIGS"),
            entry(ApiKeys.DELETE_GROUPS, "DELETE"),
            entry(ApiKeys.OFFSET_DELETE, "DELETE"),
            entry(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, "ALTER"),
            entry(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, "DELETE"),
            entry(ApiKeys.ELECT_LEADERS, "ALTER"),
            entry(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, "ALTER"),
            entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, "ALTER"),
            entry(ApiKeys.CREATE_ACLS, "ALTER"),
            entry(ApiKeys.DELETE_ACLS, "ALTER"),
            entry(ApiKeys.ALTER_CLIENT_QUOTAS, "ALTER_CONFIGS"),
            entry(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, "ALTER"),
            entry(ApiKeys.UPDATE_FEATURES, "ALTER"),
            entry(ApiKeys.UNREGISTER_BROKER, "ALTER"),
            entry(ApiKeys.ADD_RAFT_VOTER, "ALTER"),
            entry(ApiKeys.REMOVE_RAFT_VOTER, "ALTER"));

    private static final int NAMES_MAX = 100;

    private record Resource(String type, String name) {}

    private final ConnectionReports connection;

    AdminReports(ConnectionReports connection) {
        this.connection = connection;
    }

    static boolean concerns(ApiKeys api) {
        return OPERATIONS.containsKey(api);
    }

    void answered(ReportedClient client, ApiKeys api, ApiMessage request, ApiMessage response) {
        Map<Resource, Integer> results = new LinkedHashMap<>();
        name(request, results);
        if (results.isEmpty()) {
            results.put(new Resource("CLUSTER", "kafka-cluster"), 0);
        }
        if (!errors(response, results)) {
            int error = firstError(response);
            results.replaceAll((resource, none) -> error);
        }
        long nowMillis = System.currentTimeMillis();
        String operation = OPERATIONS.getOrDefault(api, "");
        Client who = client.message();
        results.forEach((resource, error) -> connection
                .loop()
                .audit()
                .add(
                        AuditEvent.admin(
                                client.cluster(),
                                who,
                                resource.type,
                                resource.name,
                                operation,
                                api.name,
                                error,
                                rule(resource, operation)),
                        nowMillis));
    }

    /** The rule that lets the client do it now: on the resource, or else on the cluster, where Kafka asks for both. */
    private @Nullable RuleRef rule(Resource resource, String operation) {
        Authorizer authorizer = connection.authorizer();
        if (authorizer == null) {
            return null;
        }
        Operation wanted = Operation.valueOf(operation);
        Decision onCluster = authorizer.decide(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, wanted);
        Decision decision = switch (resource.type) {
            case "TOPIC" -> authorizer.decide(ResourceType.TOPIC, resource.name, wanted);
            case "GROUP" -> authorizer.decide(ResourceType.GROUP, resource.name, wanted);
            default -> onCluster;
        };
        return decision.allowed() ? decision.rule() : onCluster.allowed() ? onCluster.rule() : null;
    }

    /** The resources that a request names; none when it is about the cluster as a whole. */
    private void name(ApiMessage request, Map<Resource, Integer> names) {
        if (request instanceof CreateTopicsRequestData create) {
            create.topics().forEach(topic -> add(names, "TOPIC", topic.name()));
        } else if (request instanceof DeleteTopicsRequestData delete) {
            delete.topicNames().forEach(topic -> add(names, "TOPIC", topic));
            delete.topics()
                    .forEach(topic -> add(
                            names,
                            "TOPIC",
                            topic.name() == null ? connection.topicName(topic.topicId()) : topic.name()));
        } else if (request instanceof CreatePartitionsRequestData more) {
            more.topics().forEach(topic -> add(names, "TOPIC", topic.name()));
        } else if (request instanceof DeleteRecordsRequestData delete) {
            delete.topics().forEach(topic -> add(names, "TOPIC", topic.name()));
        } else if (request instanceof IncrementalAlterConfigsRequestData alter) {
            alter.resources().forEach(resource -> add(names, type(resource.resourceType()), resource.resourceName()));
        } else if (request instanceof AlterConfigsRequestData alter) {
            alter.resources().forEach(resource -> add(names, type(resource.resourceType()), resource.resourceName()));
        } else if (request instanceof DeleteGroupsRequestData delete) {
            delete.groupsNames().forEach(group -> add(names, "GROUP", group));
        } else if (request instanceof OffsetDeleteRequestData delete) {
            add(names, "GROUP", delete.groupId());
        }
    }

    private static void add(Map<Resource, Integer> names, String type, @Nullable String name) {
        if (names.size() < NAMES_MAX) {
            names.put(new Resource(type, name == null ? "" : name), 0);
        }
    }

    private static String type(byte configResource) {
        return ConfigResource.Type.forId(configResource).name();
    }

    /** Fills in the error of each resource; {@code false} for a response that is not read so closely. */
    private boolean errors(ApiMessage response, Map<Resource, Integer> results) {
        if (response instanceof CreateTopicsResponseData created) {
            created.topics().forEach(topic -> error(results, "TOPIC", topic.name(), topic.errorCode()));
        } else if (response instanceof DeleteTopicsResponseData deleted) {
            deleted.responses()
                    .forEach(topic -> error(
                            results,
                            "TOPIC",
                            topic.name() == null ? connection.topicName(topic.topicId()) : topic.name(),
                            topic.errorCode()));
        } else if (response instanceof CreatePartitionsResponseData more) {
            more.results().forEach(topic -> error(results, "TOPIC", topic.name(), topic.errorCode()));
        } else if (response instanceof IncrementalAlterConfigsResponseData altered) {
            altered.responses()
                    .forEach(one -> error(results, type(one.resourceType()), one.resourceName(), one.errorCode()));
        } else if (response instanceof AlterConfigsResponseData altered) {
            altered.responses()
                    .forEach(one -> error(results, type(one.resourceType()), one.resourceName(), one.errorCode()));
        } else if (response instanceof DeleteGroupsResponseData deleted) {
            deleted.results().forEach(group -> error(results, "GROUP", group.groupId(), group.errorCode()));
        } else {
            return false;
        }
        return true;
    }

    private static void error(Map<Resource, Integer> results, String type, @Nullable String name, short errorCode) {
        results.replace(new Resource(type, name == null ? "" : name), (int) errorCode);
    }

    /** The first error that a response holds, for those that are not read by resource; 0 for none. */
    private static int firstError(ApiMessage response) {
        if (response instanceof DeleteRecordsResponseData deleted) {
            return first(deleted.topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .map(DeleteRecordsPartitionResult::errorCode));
        } else if (response instanceof OffsetDeleteResponseData deleted) {
            return deleted.errorCode();
        } else if (response instanceof ElectLeadersResponseData elected) {
            return elected.errorCode();
        } else if (response instanceof AlterPartitionReassignmentsResponseData altered) {
            return altered.errorCode();
        } else if (response instanceof CreateAclsResponseData created) {
            return first(created.results().stream().map(AclCreationResult::errorCode));
        } else if (response instanceof DeleteAclsResponseData deleted) {
            return first(deleted.filterResults().stream().map(DeleteAclsFilterResult::errorCode));
        } else if (response instanceof AlterClientQuotasResponseData altered) {
            return first(altered.entries().stream().map(AlterClientQuotasResponseData.EntryData::errorCode));
        } else if (response instanceof AlterUserScramCredentialsResponseData altered) {
            return first(altered.results().stream().map(AlterUserScramCredentialsResult::errorCode));
        } else if (response instanceof UpdateFeaturesResponseData updated) {
            return updated.errorCode();
        } else if (response instanceof UnregisterBrokerResponseData gone) {
            return gone.errorCode();
        } else if (response instanceof AddRaftVoterResponseData added) {
            return added.errorCode();
        } else if (response instanceof RemoveRaftVoterResponseData removed) {
            return removed.errorCode();
        }
        return 0;
    }

    private static int first(Stream<Short> errorCodes) {
        return errorCodes.filter(code -> code != 0).findFirst().orElse((short) 0);
    }
}
