package dev.weir.proxy.traffic;

import dev.weir.policy.decide.FaultPolicy;
import dev.weir.proxy.authorize.FetchedTopics;
import dev.weir.proxy.authorize.RequestContext;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** Whether a fault is about a topic that a request names. */
public final class TopicFaults {
    private TopicFaults() {}

    /** Asked before the request is decided; of an incremental fetch, what its session has been told so far counts, too. */
    public static boolean concern(FaultPolicy fault, ApiMessage request, RequestContext context) {
        if (request instanceof ProduceRequestData produce) {
            return produce.topicData().stream()
                    .anyMatch(topic -> concerns(fault, topic.name(), topic.topicId(), context));
        }
        if (request instanceof FetchRequestData fetch) {
            return fetch.topics().stream().anyMatch(topic -> concerns(fault, topic.topic(), topic.topicId(), context))
                    || (isIncremental(fetch) && concern(fault, FetchedTopics.of(request, context)));
        }
        if (request instanceof ListOffsetsRequestData list) {
            return list.topics().stream().anyMatch(topic -> fault.concerns(topic.name()));
        }
        if (request instanceof MetadataRequestData metadata) {
            return metadata.topics() == null // it asks for all
                    || metadata.topics().stream()
                            .anyMatch(topic -> concerns(fault, topic.name(), topic.topicId(), context));
        }
        return false;
    }

    /** Whether a fetch goes on with a session, so that it names only what changes (KIP-227). */
    static boolean isIncremental(FetchRequestData fetch) {
        return fetch.sessionEpoch() > 0;
    }

    private static boolean concern(FaultPolicy fault, @Nullable Set<String> topics) {
        return topics != null && topics.stream().anyMatch(fault::concerns);
    }

    /** @param name empty or {@code null} where the topic is named by its id */
    static boolean concerns(FaultPolicy fault, @Nullable String name, Uuid id, RequestContext context) {
        String known = name == null || name.isEmpty() ? context.topicName(id) : name;
        return known == null ? fault.topics().isEmpty() : fault.concerns(known);
    }
}
