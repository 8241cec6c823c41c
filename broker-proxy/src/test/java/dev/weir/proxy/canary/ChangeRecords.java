package dev.weir.proxy.canary;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.canary.Weight;
import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.canary.v1.ChangeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What is in the log of changes of canaries, the oldest first. */
record ChangeRecords(List<ChangeRecord> all) {
    static final int NONE = -1;

    static ChangeRecords of(EmbeddedKafka kafka) throws InvalidProtocolBufferException {
        TopicPartition partition = new TopicPartition(ChangeTopics.LOG, 0);
        Map<String, Object> settings = new HashMap<>(kafka.superUserProperties());
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        List<ChangeRecord> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> log =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            log.assign(List.of(partition));
            long end = log.endOffsets(List.of(partition)).get(partition);
            while (log.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : log.poll(Duration.ofMillis(100))) {
                    if (record.value() != null) {
                        all.add(ChangeRecord.parseFrom(record.value()));
                    }
                }
            }
        }
        return new ChangeRecords(all);
    }

    /** The proxies that were ever waited for. */
    List<String> admitted() {
        return all.stream()
                .filter(ChangeRecord::hasAdmittedProxy)
                .map(ChangeRecord::getAdmittedProxy)
                .toList();
    }

    /** Where it says that a proxy is not waited for any more, though it has not said that it leaves; {@link #NONE} where it does not. */
    int evicted(String proxy) {
        return first(
                record -> record.hasEvictedProxy() && record.getEvictedProxy().equals(proxy));
    }

    /** Where it says that a proxy has left. */
    int left(String proxy) {
        return first(record -> record.hasLeftProxy() && record.getLeftProxy().equals(proxy));
    }

    /** Where the change of this number begins. */
    int prepared(long epoch) {
        return first(record -> record.hasPrepared() && record.getPrepared().getEpoch() == epoch);
    }

    /** Where the change of this number is given up. */
    int aborted(long epoch) {
        return first(record -> record.hasAborted() && record.getAborted().getEpoch() == epoch);
    }

    /** Where a weight came into force first. */
    int committed(Weight weight) {
        return first(record -> record.hasCommitted() && record.getCommitted().getWeight() == weight.basisPoints());
    }

    private int first(Predicate<ChangeRecord> wanted) {
        for (int i = 0; i < all.size(); i++) {
            if (wanted.test(all.get(i))) {
                return i;
            }
        }
        return NONE;
    }
}
