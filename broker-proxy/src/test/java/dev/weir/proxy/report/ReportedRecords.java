package dev.weir.proxy.report;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.mesh.report.v1.ProxyReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All that stands on the report topics, read again and again from where it was read last. */
public final class ReportedRecords implements AutoCloseable {
    private static final Map<ReportTopic, Parser<? extends Message>> PARSERS = Map.of(
            ReportTopic.FLOWS, Flow.parser(),
            ReportTopic.PROGRESS, Progress.parser(),
            ReportTopic.MEMBERSHIPS, Membership.parser(),
            ReportTopic.AUDIT, Audit.parser(),
            ReportTopic.PROXIES, ProxyReport.parser());

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<ReportTopic, List<Message>> messages = new EnumMap<>(ReportTopic.class);

    public ReportedRecords(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (ReportTopic topic : ReportTopic.all()) {
            messages.put(topic, new ArrayList<>());
            for (int i = 0; i < ReportTopic.PARTITIONS; i++) {
                partitions.add(new TopicPartition(topic.topicName(), i));
            }
        }
        consumer.assign(partitions);
    }

    /** Reads what came since the last time. */
    public ReportedRecords poll() {
        consumer.poll(Duration.ofMillis(50)).forEach(record -> {
            for (ReportTopic topic : ReportTopic.all()) {
                if (topic.topicName().equals(record.topic())) {
                    messages.get(topic).add(parse(topic, record.value()));
                }
            }
        });
        return this;
    }

    private static Message parse(ReportTopic topic, byte[] value) {
        try {
            return PARSERS.get(topic).parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(topic + " holds what cannot be read", e);
        }
    }

    List<Flow> flows(Predicate<Flow> wanted) {
        return all(ReportTopic.FLOWS, Flow.class).filter(wanted).toList();
    }

    public List<Progress> progress(String topic) {
        return all(ReportTopic.PROGRESS, Progress.class)
                .filter(progress -> progress.getTopic().equals(topic))
                .toList();
    }

    /** The newest offset of each partition that the group is said to have committed. */
    Map<Integer, Long> committed(String topic, String group) {
        Map<Integer, Long> newest = new HashMap<>();
        progress(topic)
                .forEach(progress -> progress.getOffsetsList().stream()
                        .filter(offset -> offset.getGroup().equals(group) && !offset.getFetched())
                        .forEach(offset -> newest.put(progress.getPartition(), offset.getCommittedOffset())));
        return newest;
    }

    List<GroupOffset> progressOffsets(String topic, String group) {
        return progress(topic).stream()
                .flatMap(progress -> progress.getOffsetsList().stream())
                .filter(offset -> offset.getGroup().equals(group))
                .toList();
    }

    List<Membership> memberships(String group) {
        return all(ReportTopic.MEMBERSHIPS, Membership.class)
                .filter(membership -> membership.getGroup().equals(group))
                .toList();
    }

    public List<Audit> audits(Predicate<Audit> wanted) {
        return all(ReportTopic.AUDIT, Audit.class).filter(wanted).toList();
    }

    List<ProxyReport> proxies() {
        return all(ReportTopic.PROXIES, ProxyReport.class).toList();
    }

    private <T extends Message> Stream<T> all(ReportTopic topic, Class<T> type) {
        return messages.get(topic).stream().map(type::cast);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
