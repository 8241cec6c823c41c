package dev.weir.bench.endtoend;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The topics of a run, looked at past all relays. */
final class Topics implements AutoCloseable {
    static final String PRODUCED = "bench.produced";
    static final String CONSUMED = "bench.consumed";
    static final String MIRRORED = "bench.mirrored";
    static final int PARTITIONS = 3;
    private static final long KEPT_BYTES = 64L * 1024 * 1024;

    private final Admin admin;

    Topics(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    /** Nobody reads what is produced, nor its copies: the disk need not keep them. */
    void forgetProduced() {
        AlterConfigOp op = new AlterConfigOp(
                new ConfigEntry("retention.bytes", Long.toString(KEPT_BYTES)), AlterConfigOp.OpType.SET);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String topic : List.of(PRODUCED, MIRRORED)) {
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(op));
        }
        try {
            admin.incrementalAlterConfigs(changes).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot set the retention of " + changes.keySet(), e);
        }
    }

    /** How many records were ever appended. */
    long appended(String topic) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions(topic).forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        try {
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot read the offsets of " + topic, e);
        }
    }

    static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public void close() {
        admin.close();
    }
}
