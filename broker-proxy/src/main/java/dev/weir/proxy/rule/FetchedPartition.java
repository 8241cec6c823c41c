package dev.weir.proxy.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.ShareFetchableTopicResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;

/** One partition with records in the response to a Fetch or a ShareFetch. One thread at a time. */
public sealed interface FetchedPartition {

    /** What is known of the cluster's topics; {@code null} for what is not. */
    interface Topics {
        @Nullable
        String name(Uuid id);

        @Nullable
        Uuid id(String name);
    }

    String topic();

    /** {@link Uuid#ZERO_UUID} where it is not known. */
    Uuid topicId();

    int index();

    /** Whether it is of a ShareFetch. */
    boolean isShared();

    MemoryRecords records();

    void records(MemoryRecords records);

    /** Answers with an error, and without records. */
    void refuse(Errors error);

    /** Those of a response that have records, and whose topic is known. */
    static List<FetchedPartition> all(ApiMessage response, Topics topics) {
        List<FetchedPartition> all = new ArrayList<>();
        if (response instanceof FetchResponseData fetch) {
            for (FetchableTopicResponse topic : fetch.responses()) {
                boolean byId = !topic.topicId().equals(Uuid.ZERO_UUID);
                String name = byId ? topics.name(topic.topicId()) : topic.topic();
                Uuid id = byId ? topic.topicId() : topics.id(topic.topic());
                for (int i = 0; name != null && i < topic.partitions().size(); i++) {
                    MemoryRecords records = records(topic.partitions().get(i).records());
                    if (records != null) {
                        all.add(new Fetched(name, id == null ? Uuid.ZERO_UUID : id, topic, i, records));
                    }
                }
            }
        } else if (response instanceof ShareFetchResponseData fetch) {
            for (ShareFetchableTopicResponse topic : fetch.responses()) {
                String name = topics.name(topic.topicId());
                for (ShareFetchResponseData.PartitionData partition : topic.partitions()) {
                    MemoryRecords records = records(partition.records());
                    if (name != null && records != null) {
                        all.add(new Shared(name, topic.topicId(), partition, records));
                    }
                }
            }
        }
        return all;
    }

    private static @Nullable MemoryRecords records(@Nullable BaseRecords field) {
        return field instanceof MemoryRecords records && records.sizeInBytes() > 0 ? records : null;
    }

    /**
     * Of a consumer.
     *
     * @param place among the partitions of its topic
     */
    record Fetched(String topic, Uuid topicId, FetchableTopicResponse of, int place, MemoryRecords records)
            implements FetchedPartition {

        private PartitionData partition() {
            return of.partitions().get(place);
        }

        @Override
        public int index() {
            return partition().partitionIndex();
        }

        @Override
        public boolean isShared() {
            return false;
        }

        @Override
        public void records(MemoryRecords changed) {
            partition().setRecords(changed);
        }

        @Override
        public void refuse(Errors error) {
            of.partitions().set(place, FetchResponse.partitionResponse(index(), error));
        }
    }

    /** Of a share group. What the member has acquired stays with it until its lock ends, and is then somebody else's. */
    record Shared(String topic, Uuid topicId, ShareFetchResponseData.PartitionData partition, MemoryRecords records)
            implements FetchedPartition {

        @Override
        public int index() {
            return partition.partitionIndex();
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public void records(MemoryRecords changed) {
            partition.setRecords(changed);
        }

        @Override
        public void refuse(Errors error) {
            partition.setErrorCode(error.code()).setAcquiredRecords(List.of()).setRecords(MemoryRecords.EMPTY);
        }
    }
}
