package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.proxy.report.ReportedRecords;
import dev.weir.testkit.await.Patience;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What reports say of how far the clients of a canary read, and of what is in the log, held against what there is. Any thread. */
final class ReportedShares implements AutoCloseable {
    private final ReportedRecords reported;
    /** Where there is a record, aborted ones too. */
    private final Map<TopicPartition, NavigableSet<Long>> log;

    ReportedShares(String bootstrap, List<ConsumerRecord<String, String>> all) {
        reported = new ReportedRecords(bootstrap);
        log = offsets(all);
    }

    private static Map<TopicPartition, NavigableSet<Long>> offsets(List<ConsumerRecord<String, String>> records) {
        return records.stream()
                .collect(Collectors.groupingBy(
                        record -> new TopicPartition(record.topic(), record.partition()),
                        Collectors.mapping(ConsumerRecord::offset, Collectors.toCollection(TreeSet::new))));
    }

    /**
     * A client read all that is its own.
     *
     * @param whole whether its side owns whole partitions: nobody looks whether their last batches end with a gap
     */
    synchronized void check(String user, List<ConsumerRecord<String, String>> own, boolean whole) {
        Map<TopicPartition, NavigableSet<Long>> owned = offsets(own);
        Patience.awaitSettled().untilAsserted(() -> {
            reported.poll();
            owned.forEach((partition, offsets) -> assertThat(positions(partition, user))
                    .as("%s at %s", user, partition)
                    .anyMatch(position -> whole
                            ? position.getOthersFromOffset() > offsets.last()
                            : position.getOthersFromOffset() == offsets.last() + 1));
        });
        owned.forEach((partition, offsets) -> {
            assertThat(positions(partition, user))
                    .allSatisfy(position -> assertThat(
                                    offsets.subSet(position.getOthersFromOffset(), position.getDeliveredOffset()))
                            .as("own records that %s is said to have passed at %s: %s", user, partition, position)
                            .isEmpty());
            assertThat(progress(partition)).allSatisfy(progress -> checkSpans(progress, partition));
        });
    }

    /** What a side was not given is in the log all the same. */
    private void checkSpans(Progress progress, TopicPartition partition) {
        assertThat(progress.getSpansList())
                .filteredOn(span -> !span.getAborted())
                .allSatisfy(span -> assertThat(span.getRecords())
                        .as("%s: %s", partition, span)
                        .isEqualTo(log.get(partition)
                                .subSet(span.getFirstOffset(), span.getEndOffset())
                                .size()));
    }

    private List<Progress> progress(TopicPartition partition) {
        return reported.progress(partition.topic()).stream()
                .filter(progress -> progress.getPartition() == partition.partition())
                .toList();
    }

    private List<Position> positions(TopicPartition partition, String user) {
        return progress(partition).stream()
                .flatMap(progress -> progress.getPositionsList().stream())
                .filter(position -> position.getClient().getPrincipal().equals("User:" + user))
                .filter(Position::hasOthersFromOffset)
                .toList();
    }

    @Override
    public void close() {
        reported.close();
    }
}
