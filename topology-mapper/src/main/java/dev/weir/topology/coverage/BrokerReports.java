package dev.weir.topology.coverage;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.Progress;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells the stream what brokers said, as reports like those of proxies, so that whoever has a partition hears it. What
 * has not changed is told again only now and then.
 */
final class BrokerReports {
    /** No proxy is named so. */
    private static final String REPORTER = "~brokers/";

    private static final int REPEAT_ROUNDS = 10;

    private final String cluster;
    private final String reporter;
    private final long epochMillis;
    private final Map<TopicPartition, Progress> told = new HashMap<>();
    private long round;

    BrokerReports(String cluster, String instance, long epochMillis) {
        this.cluster = cluster;
        this.reporter = REPORTER + instance;
        this.epochMillis = epochMillis;
    }

    void send(BrokerState state, Producer<byte[], byte[]> producer) {
        round++;
        told.keySet().retainAll(state.logs().keySet());
        Map<TopicPartition, Progress.Builder> reports = new HashMap<>();
        state.logs().forEach((partition, log) -> reports.put(partition, report(partition, log)));
        state.groups()
                .forEach((name, group) -> group.offsets().forEach((partition, offset) -> {
                    Progress.Builder report = reports.get(partition);
                    if (report != null) {
                        report.addOffsets(offset(name, group, offset));
                    }
                }));
        reports.forEach((partition, report) -> send(partition, report, state.askedMillis(), producer));
    }

    private static Progress.Builder report(TopicPartition partition, BrokerState.Log log) {
        return Progress.newBuilder()
                .setTopic(partition.topic())
                .setPartition(partition.partition())
                .setHighWatermark(log.end())
                .setLogEndOffset(log.end())
                .setLastStableOffset(log.stable())
                .setLogStartOffset(log.start());
    }

    private static GroupOffset.Builder offset(String name, BrokerState.Group group, BrokerState.Offset offset) {
        GroupOffset.Builder told = GroupOffset.newBuilder()
                .setGroup(name)
                .setCommittedOffset(offset.offset())
                .setFetched(true)
                .setShare(group.share());
        return offset.lag() < 0 ? told : told.setShareLag(offset.lag());
    }

    private void send(
            TopicPartition partition, Progress.Builder report, long askedMillis, Producer<byte[], byte[]> producer) {
        Progress content = report.build();
        boolean repeat = (round + partition.hashCode()) % REPEAT_ROUNDS == 0;
        if (!repeat && content.equals(told.put(partition, content))) {
            return;
        }
        report.setHeader(Header.newBuilder()
                .setProxy(reporter)
                .setEpochMillis(epochMillis)
                .setSequence(round)
                .setFromMillis(askedMillis)
                .setToMillis(askedMillis)
                .setCluster(cluster));
        report.getOffsetsBuilderList().forEach(offset -> offset.setAtMillis(askedMillis));
        producer.send(new ProducerRecord<>(
                ReportTopic.PROGRESS.topicName(),
                ReportKeys.progress(cluster, partition.topic(), partition.partition()),
                report.build().toByteArray()));
    }
}
