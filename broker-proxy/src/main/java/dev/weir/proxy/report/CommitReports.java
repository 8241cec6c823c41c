package dev.weir.proxy.report;

import dev.weir.policy.decide.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.jspecify.annotations.Nullable;

/** What groups have committed, and where logs begin and end as brokers were asked. Event loop of the connection. */
final class CommitReports {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final byte READ_UNCOMMITTED = 0;

    private record Place(String topic, int partition) {}

    private final ConnectionReports connection;

    CommitReports(ConnectionReports connection) {
        this.connection = connection;
    }

    void committed(ReportedClient client, OffsetCommitRequestData request, OffsetCommitResponseData response) {
        Set<Place> taken = new HashSet<>();
        response.topics()
                .forEach(topic -> topic.partitions().stream()
                        .filter(partition -> partition.errorCode() == 0)
                        .forEach(partition ->
                                addPlace(taken, topic.name(), topic.topicId(), partition.partitionIndex())));
        Set<String> topics = new HashSet<>();
        for (OffsetCommitRequestData.OffsetCommitRequestTopic topic : request.topics()) {
            TopicCells cells = connection.topics().of(topic.name(), topic.topicId());
            if (cells == null) {
                continue;
            }
            topics.add(cells.topic());
            topic.partitions().stream()
                    .filter(partition -> taken.contains(new Place(cells.topic(), partition.partitionIndex())))
                    .forEach(partition -> commit(
                            client,
                            key(request.groupId(), cells.topic(), partition.partitionIndex(), false),
                            partition.committedOffset(),
                            request.memberId()));
        }
        if (!request.memberId().isEmpty()) {
            connection.groups().seen(client, request.groupId(), topics, System.currentTimeMillis());
        }
    }

    void fetched(ReportedClient client, OffsetFetchRequestData request, OffsetFetchResponseData response) {
        if (response.errorCode() == 0) {
            response.topics()
                    .forEach(topic -> topic.partitions().stream()
                            .filter(partition -> partition.errorCode() == 0 && partition.committedOffset() >= 0)
                            .forEach(partition -> commit(
                                    client,
                                    key(request.groupId(), topic.name(), partition.partitionIndex(), true),
                                    partition.committedOffset(),
                                    "")));
        }
        for (OffsetFetchResponseData.OffsetFetchResponseGroup group : response.groups()) {
            Set<String> topics = new HashSet<>();
            String asked = asked(request, group.groupId());
            for (OffsetFetchResponseData.OffsetFetchResponseTopics topic : group.topics()) {
                TopicCells cells = connection.topics().of(topic.name(), topic.topicId());
                if (cells == null || group.errorCode() != 0) {
                    continue;
                }
                topics.add(cells.topic());
                topic.partitions().stream()
                        .filter(partition -> partition.errorCode() == 0 && partition.committedOffset() >= 0)
                        .forEach(partition -> commit(
                                client,
                                key(asked, cells.topic(), partition.partitionIndex(), true),
                                partition.committedOffset(),
                                ""));
            }
            if (isMember(request, asked)) {
                connection.groups().seen(client, asked, topics, System.currentTimeMillis());
            }
        }
    }

    /** The group that the broker was asked about: the new version of a canary knows it by another name. */
    private static String asked(OffsetFetchRequestData request, String shown) {
        String other = shown + Names.RESERVED_SUFFIX;
        boolean same =
                request.groups().stream().anyMatch(group -> group.groupId().equals(shown));
        return !same
                        && request.groups().stream()
                                .anyMatch(group -> group.groupId().equals(other))
                ? other
                : shown;
    }

    /** Whether the client asks for its own sake, and not as a tool that looks at the group. */
    private static boolean isMember(OffsetFetchRequestData request, String group) {
        return request.groups().stream()
                .anyMatch(asked -> asked.groupId().equals(group)
                        && asked.memberId() != null
                        && !asked.memberId().isEmpty());
    }

    void committedInTransaction(
            ReportedClient client, TxnOffsetCommitRequestData request, TxnOffsetCommitResponseData response) {
        Set<Place> taken = new HashSet<>();
        response.topics()
                .forEach(topic -> topic.partitions().stream()
                        .filter(partition -> partition.errorCode() == 0)
                        .forEach(partition -> taken.add(new Place(topic.name(), partition.partitionIndex()))));
        long nowMillis = System.currentTimeMillis();
        request.topics()
                .forEach(topic -> topic.partitions().stream()
                        .filter(partition -> taken.contains(new Place(topic.name(), partition.partitionIndex())))
                        .forEach(partition -> connection
                                .transactions()
                                .hold(
                                        client.cluster(),
                                        request.transactionalId(),
                                        new Transactions.HeldCommit(
                                                key(request.groupId(), topic.name(), partition.partitionIndex(), false),
                                                partition.committedOffset(),
                                                client,
                                                request.memberId()),
                                        nowMillis)));
    }

    void transactionEnded(ReportedClient client, EndTxnRequestData request, EndTxnResponseData response) {
        if (response.errorCode() != 0) {
            return;
        }
        List<Transactions.HeldCommit> commits =
                connection.transactions().end(client.cluster(), request.transactionalId());
        if (request.committed()) {
            commits.forEach(commit -> commit(commit.client(), commit.key(), commit.offset(), commit.member()));
        }
    }

    /** Whoever takes over a transactional id ends what was open under it. */
    void producerBegins(ReportedClient client, InitProducerIdRequestData request, InitProducerIdResponseData response) {
        String transactionalId = request.transactionalId();
        if (response.errorCode() == 0 && transactionalId != null) {
            connection.transactions().end(client.cluster(), transactionalId);
        }
    }

    /** The end of a log as a consumer sees it is its high watermark, or what is stable of it. */
    void listed(ListOffsetsRequestData request, ListOffsetsResponseData response) {
        Map<Place, Long> asked = new HashMap<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition ->
                                asked.put(new Place(topic.name(), partition.partitionIndex()), partition.timestamp())));
        response.topics()
                .forEach(topic -> topic.partitions().stream()
                        .filter(partition -> partition.errorCode() == 0 && partition.offset() >= 0)
                        .forEach(partition -> {
                            Long timestamp = asked.get(new Place(topic.name(), partition.partitionIndex()));
                            PartitionCell cell =
                                    connection.topics().of(topic.name()).partition(partition.partitionIndex());
                            if (timestamp != null && timestamp == EARLIEST) {
                                cell.logStartOffset(partition.offset());
                            } else if (timestamp != null && timestamp == LATEST) {
                                if (request.isolationLevel() == READ_UNCOMMITTED) {
                                    cell.highWatermark(partition.offset());
                                    cell.logEndOffset(partition.offset());
                                } else {
                                    cell.lastStableOffset(partition.offset());
                                }
                            }
                        }));
    }

    private void addPlace(Set<Place> places, @Nullable String name, Uuid id, int partition) {
        TopicCells cells = connection.topics().of(name, id);
        if (cells != null) {
            places.add(new Place(cells.topic(), partition));
        }
    }

    private Events.CommitKey key(String group, String topic, int partition, boolean fetched) {
        return new Events.CommitKey(connection.client().cluster(), topic, partition, group, fetched);
    }

    private void commit(ReportedClient client, Events.CommitKey key, long offset, String member) {
        connection.loop().events().commit(key, new Events.Commit(offset, System.currentTimeMillis(), client, member));
    }
}
