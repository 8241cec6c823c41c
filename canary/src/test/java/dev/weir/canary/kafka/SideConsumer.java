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
    private final List<TopicPartition> partitions;
    private final Random random = new Random(1);
    private boolean begun;

    SideConsumer(
            String bootstrap,
            Side side,
            CanaryPlan plan,
            int partitionCount,
            List<MeshMember> members,
            BiConsumer<Side, ConsumerRecord<byte[], byte[]>> ledger) {
        this.side = side;
        this.canary = plan.name();
        this.slices = new Slices(canary);
        this.members = members;
        this.ledger = ledger;
        String group = side == Side.STABLE ? plan.stableGroup() : plan.canaryGroup();
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        group,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false",
                        "max.poll.records",
                        "200"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        partitions = IntStream.range(0, partitionCount)
                .mapToObj(i -> new TopicPartition(plan.topics().get(0), i))
                .toList();
        consumer.assign(partitions);
    }

    /** One poll, through one of the proxies. */
    void poll() {
        MeshMember member = members.get(random.nextInt(members.size()));
        if (!begun && !begin(member.serving(canary))) {
            return;
        }
        Map<TopicPartition, Long> before = new HashMap<>();
        partitions.forEach(partition -> before.put(partition, consumer.position(partition)));
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
        EpochTable table = member.serving(canary);
        if (table == null) {
            before.forEach(consumer::seek);
            return;
        }
        for (TopicPartition partition : records.partitions()) {
            Ownership ownership = table.of(new PartitionRef(partition.topic(), partition.partition()));
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                Verdict verdict = ownership.verdict(side, record.offset(), bucket(record));
                if (verdict == Verdict.WAIT) {
                    consumer.seek(partition, record.offset());
                    break;
                }
                if (verdict == Verdict.MINE) {
                    ledger.accept(side, record);
                }
            }
        }
        Map<TopicPartition, OffsetAndMetadata> commit = new HashMap<>();
        partitions.forEach(partition -> commit.put(partition, new OffsetAndMetadata(consumer.position(partition))));
        consumer.commitSync(commit);
    }

    /** As its group is seeded before its first member comes. */
    private boolean begin(EpochTable table) {
        if (side == Side.CANARY) {
            if (table == null || table.epochs().isEmpty()) {
                return false;
            }
            partitions.forEach(partition -> consumer.seek(
                    partition,
                    table.of(new PartitionRef(partition.topic(), partition.partition()))
                            .firstOfCanary()));
        }
        begun = true;
        return true;
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
