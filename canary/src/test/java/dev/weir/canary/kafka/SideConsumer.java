package dev.weir.canary.kafka;

import dev.weir.canary.EpochTable;
import dev.weir.canary.Ownership;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One side's consumer, with some proxy or other between it and the broker: what it polls, the proxy judges, then it processes. */
final class SideConsumer implements AutoCloseable {
    private final Side side;
    private final Slices slices;
    private final String canary;
    private final List<MeshMember> members;
    private final BiConsumer<Side, ConsumerRecord<byte[], byte[]>> ledger;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final IntSupplier partitionCount;
    private final String topic;
    private final Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
    private List<TopicPartition> partitions = List.of();
    private final Random random = new Random(1);

    SideConsumer(
            String bootstrap,
            Side side,
            CanaryPlan plan,
            IntSupplier partitionCount,
            List<MeshMember> members,
            BiConsumer<Side, ConsumerRecord<byte[], byte[]>> ledger) {
        this.side = side;
        this.canary = plan.name();
        this.slices = new Slices(canary);
        this.members = members;
        this.partitionCount = partitionCount;
        this.ledger = ledger;
        String group = plan.scope().group(side);
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        group,
                        "auto.offset.reset",
                        side == Side.STABLE ? "earliest" : "none", // the canary begins at what was committed for it
                        "metadata.max.age.ms",
                        "500",
                        "enable.auto.commit",
                        "false",
                        "max.poll.records",
                        "200"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.topic = plan.scope().topics().get(0);
    }

    /** Of partitions, so many. */
    private void assign(MeshMember member, int count) {
        List<TopicPartition> more = IntStream.range(0, count)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
        consumer.assign(more);
        for (TopicPartition partition : more.subList(partitions.size(), count)) {
            if (side == Side.CANARY
                    && !partitions.isEmpty()) { // made later: nothing is committed, so its proxy says where
                consumer.seek(partition, member.seed(canary, ref(partition)));
            }
        }
        partitions = more;
    }

    /** One poll, through one of the proxies. */
    void poll() {
        MeshMember member = members.get(random.nextInt(members.size()));
        int count = partitionCount.getAsInt();
        if (partitions.size() < count) {
            if (side == Side.CANARY && !member.isSeeded(canary)) {
                return; // no member comes to a group that has no beginning yet
            }
            assign(member, count);
        }
        Map<TopicPartition, Long> before = new HashMap<>();
        partitions.forEach(partition -> before.put(partition, consumer.position(partition)));
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
        records.partitions().forEach(partition -> member.served(topic, partition.partition()));
        EpochTable table = member.serving(canary);
        if (table == null) {
            before.forEach(consumer::seek);
            return;
        }
        for (TopicPartition partition : records.partitions()) {
            Ownership ownership = table.of(ref(partition));
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                Verdict verdict = ownership.verdict(side, record.offset(), bucket(record));
                if (verdict == Verdict.WAIT) {
                    consumer.seek(partition, record.offset());
                    break;
                }
                if (verdict == Verdict.MINE) {
                    ledger.accept(side, record);
                    delivered.put(partition, new OffsetAndMetadata(record.offset() + 1));
                }
            }
        }
        consumer.commitSync(delivered); // no further than what it was given, as librdkafka does
    }

    private static PartitionRef ref(TopicPartition partition) {
        return new PartitionRef(partition.topic(), partition.partition());
    }

    private int bucket(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key == null
                ? slices.bucketOfKeyless(record.partition(), record.offset())
                : slices.bucket(key, 0, key.length);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
