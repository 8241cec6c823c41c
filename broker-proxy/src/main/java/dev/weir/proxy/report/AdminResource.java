package dev.weir.proxy.report;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** What an administrative request is about, by Kafka's types of resources. */
record AdminResource(String type, String name) {
    static final AdminResource CLUSTER = new AdminResource("CLUSTER", ResourceType.CLUSTER_NAME);

    static AdminResource topic(@Nullable String name) {
        return new AdminResource("TOPIC", name == null ? "" : name);
    }

    static AdminResource group(String name) {
        return new AdminResource("GROUP", name);
    }

    static AdminResource config(byte type, String name) {
        return new AdminResource(ConfigResource.Type.forId(type).name(), name);
    }

    /** What policy says: brokers, their loggers and clients' metrics are the cluster's. */
    Decision decide(Authorizer policy, Operation operation) {
        return switch (type) {
            case "TOPIC" -> policy.decide(ResourceType.TOPIC, name, operation);
            case "GROUP" -> policy.decide(ResourceType.GROUP, name, operation);
            default -> policy.decide(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, operation);
        };
    }

    /** Adds those that a request names; none when it is about the cluster as a whole. */
    static void addNamed(ApiMessage request, TopicTable topics, Set<AdminResource> names) {
        if (request instanceof CreateTopicsRequestData create) {
            create.topics().forEach(topic -> names.add(topic(topic.name())));
        } else if (request instanceof DeleteTopicsRequestData delete) {
            delete.topicNames().forEach(topic -> names.add(topic(topic)));
            delete.topics()
                    .forEach(topic ->
                            names.add(topic(topic.name() == null ? topics.name(topic.topicId()) : topic.name())));
        } else if (request instanceof CreatePartitionsRequestData more) {
            more.topics().forEach(topic -> names.add(topic(topic.name())));
        } else if (request instanceof DeleteRecordsRequestData delete) {
            delete.topics().forEach(topic -> names.add(topic(topic.name())));
        } else if (request instanceof ElectLeadersRequestData elect) {
            if (elect.topicPartitions() != null) { // else: all of the cluster
                elect.topicPartitions().forEach(topic -> names.add(topic(topic.topic())));
            }
        } else if (request instanceof AlterPartitionReassignmentsRequestData alter) {
            alter.topics().forEach(topic -> names.add(topic(topic.name())));
        } else if (request instanceof AlterReplicaLogDirsRequestData alter) {
            alter.dirs().forEach(dir -> dir.topics().forEach(topic -> names.add(topic(topic.name()))));
        } else if (request instanceof IncrementalAlterConfigsRequestData alter) {
            alter.resources().forEach(resource -> names.add(config(resource.resourceType(), resource.resourceName())));
        } else if (request instanceof AlterConfigsRequestData alter) {
            alter.resources().forEach(resource -> names.add(config(resource.resourceType(), resource.resourceName())));
        } else if (request instanceof DeleteGroupsRequestData delete) {
            delete.groupsNames().forEach(group -> names.add(group(group)));
        } else if (request instanceof OffsetDeleteRequestData delete) {
            names.add(group(delete.groupId()));
        } else if (request instanceof AlterShareGroupOffsetsRequestData alter) {
            names.add(group(alter.groupId()));
        } else if (request instanceof DeleteShareGroupOffsetsRequestData delete) {
            names.add(group(delete.groupId()));
        }
    }
}
