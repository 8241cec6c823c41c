package dev.weir.proxy.report;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData.DeleteShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** How Kafka answered an administrative request. Of several errors of one resource the first counts. */
final class AdminErrors {
    private AdminErrors() {}

    /** The error of a request as a whole; 0 for none. What is not about resources has its first error here. */
    static int ofAll(ApiMessage response) {
        if (response instanceof ElectLeadersResponseData elected) {
            return elected.errorCode();
        } else if (response instanceof AlterPartitionReassignmentsResponseData altered) {
            return altered.errorCode();
        } else if (response instanceof OffsetDeleteResponseData deleted) {
            return deleted.errorCode() != 0
                    ? deleted.errorCode()
                    : first(deleted.topics().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .map(OffsetDeleteResponsePartition::errorCode));
        } else if (response instanceof AlterShareGroupOffsetsResponseData altered) {
            return altered.errorCode() != 0
                    ? altered.errorCode()
                    : first(altered.responses().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .map(AlterShareGroupOffsetsResponsePartition::errorCode));
        } else if (response instanceof DeleteShareGroupOffsetsResponseData deleted) {
            return deleted.errorCode() != 0
                    ? deleted.errorCode()
                    : first(deleted.responses().stream().map(DeleteShareGroupOffsetsResponseTopic::errorCode));
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

    /** Fills in the errors of single resources, those among the results. */
    static void fill(ApiMessage response, TopicTable topics, Map<AdminResource, Integer> results) {
        if (response instanceof CreateTopicsResponseData created) {
            created.topics().forEach(topic -> fill(results, AdminResource.topic(topic.name()), topic.errorCode()));
        } else if (response instanceof DeleteTopicsResponseData deleted) {
            deleted.responses().forEach(topic -> {
                String name = topic.name() == null ? topics.name(topic.topicId()) : topic.name();
                fill(results, AdminResource.topic(name), topic.errorCode());
            });
        } else if (response instanceof CreatePartitionsResponseData more) {
            more.results().forEach(topic -> fill(results, AdminResource.topic(topic.name()), topic.errorCode()));
        } else if (response instanceof DeleteRecordsResponseData deleted) {
            deleted.topics()
                    .forEach(topic -> fill(
                            results,
                            AdminResource.topic(topic.name()),
                            first(topic.partitions().stream().map(DeleteRecordsPartitionResult::errorCode))));
        } else if (response instanceof ElectLeadersResponseData elected) {
            elected.replicaElectionResults()
                    .forEach(topic -> fill(
                            results,
                            AdminResource.topic(topic.topic()),
                            first(topic.partitionResult().stream().map(PartitionResult::errorCode))));
        } else if (response instanceof AlterPartitionReassignmentsResponseData altered) {
            altered.responses()
                    .forEach(topic -> fill(
                            results,
                            AdminResource.topic(topic.name()),
                            first(topic.partitions().stream().map(ReassignablePartitionResponse::errorCode))));
        } else if (response instanceof AlterReplicaLogDirsResponseData altered) {
            altered.results()
                    .forEach(topic -> fill(
                            results,
                            AdminResource.topic(topic.topicName()),
                            first(topic.partitions().stream().map(AlterReplicaLogDirPartitionResult::errorCode))));
        } else if (response instanceof IncrementalAlterConfigsResponseData altered) {
            altered.responses()
                    .forEach(one -> fill(
                            results, AdminResource.config(one.resourceType(), one.resourceName()), one.errorCode()));
        } else if (response instanceof AlterConfigsResponseData altered) {
            altered.responses()
                    .forEach(one -> fill(
                            results, AdminResource.config(one.resourceType(), one.resourceName()), one.errorCode()));
        } else if (response instanceof DeleteGroupsResponseData deleted) {
            deleted.results().forEach(group -> fill(results, AdminResource.group(group.groupId()), group.errorCode()));
        }
    }

    private static void fill(Map<AdminResource, Integer> results, AdminResource resource, int errorCode) {
        results.computeIfPresent(resource, (same, before) -> before == 0 ? errorCode : before);
    }

    private static int first(Stream<Short> errorCodes) {
        return errorCodes.filter(code -> code != 0).findFirst().orElse((short) 0);
    }
}
