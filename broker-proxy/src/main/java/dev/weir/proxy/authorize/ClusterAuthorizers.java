package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Those {@link ClusterAuthorizer}s that have to look at topics too, because some of them are Weir's own. */
final class ClusterAuthorizers {
    private ClusterAuthorizers() {}

    static ApiAuthorizer<ElectLeadersRequestData> electLeaders() {
        return ClusterAuthorizer.explained(ApiKeys.ELECT_LEADERS, Operation.ALTER)
                .naming(ClusterAuthorizers::topicsOf);
    }

    private static List<String> topicsOf(ElectLeadersRequestData request) {
        return request.topicPartitions() == null
                ? List.of()
                : request.topicPartitions().stream().map(TopicPartitions::topic).toList();
    }

    static ApiAuthorizer<AlterPartitionReassignmentsRequestData> alterPartitionReassignments() {
        return ClusterAuthorizer.explained(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, Operation.ALTER)
                .naming((AlterPartitionReassignmentsRequestData request) ->
                        request.topics().stream().map(ReassignableTopic::name).toList());
    }

    static ApiAuthorizer<AlterReplicaLogDirsRequestData> alterReplicaLogDirs() {
        return ClusterAuthorizer.plain(ApiKeys.ALTER_REPLICA_LOG_DIRS, Operation.ALTER)
                .naming((AlterReplicaLogDirsRequestData request) -> request.dirs().stream()
                        .flatMap(dir -> dir.topics().stream())
                        .map(AlterReplicaLogDirTopic::name)
                        .toList());
    }

    static ApiAuthorizer<?> listPartitionReassignments() {
        ResponseEdit<ListPartitionReassignmentsResponseData> edit = (response, context) -> {
            response.topics().removeIf(topic -> ReservedNames.isReserved(topic.name()));
            return response;
        };
        return ClusterAuthorizer.explained(ApiKeys.LIST_PARTITION_REASSIGNMENTS, Operation.DESCRIBE)
                .hiding(edit);
    }

    static ApiAuthorizer<?> describeLogDirs() {
        ResponseEdit<DescribeLogDirsResponseData> edit = (response, context) -> {
            response.results().forEach(dir -> dir.topics().removeIf(topic -> ReservedNames.isReserved(topic.name())));
            return response;
        };
        return ClusterAuthorizer.plain(ApiKeys.DESCRIBE_LOG_DIRS, Operation.DESCRIBE)
                .hiding(edit);
    }

    static ApiAuthorizer<?> listConfigResources() {
        ResponseEdit<ListConfigResourcesResponseData> edit = (response, context) -> {
            response.configResources()
                    .removeIf(resource -> ofTopicOrGroup(resource.resourceType())
                            && ReservedNames.isReserved(resource.resourceName()));
            return response;
        };
        return ClusterAuthorizer.plain(ApiKeys.LIST_CONFIG_RESOURCES, Operation.DESCRIBE_CONFIGS)
                .hiding(edit);
    }

    private static boolean ofTopicOrGroup(byte type) {
        return type == ConfigResource.Type.TOPIC.id() || type == ConfigResource.Type.GROUP.id();
    }
}
