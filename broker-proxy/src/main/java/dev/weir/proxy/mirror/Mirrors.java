package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.batch.ProducedBatch;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.mirror.CapturedProduce.Captured;
import dev.weir.proxy.mirror.MirrorAccount.LastError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.OutOfDirectMemoryError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** All mirrors of a proxy. Any thread. */
public final class Mirrors {
    /** What a batch takes besides its bytes. */
    private static final int OVERHEAD_BYTES = 512;
    /** The first version of Produce with a topic id in place of a name (KIP-516). */
    private static final short TOPIC_IDS_VERSION = 13;

    private final Map<String, MirrorSender> senders = new LinkedHashMap<>();
    private final MirrorAccounts accounts = new MirrorAccounts();
    /** By the cluster that clients write to. */
    private final Map<String, MirrorLanes> lanes = new LinkedHashMap<>();

    private final WorkerExecutor workers;

    /** @param clusters that mirrors may lead to */
    public Mirrors(Vertx vertx, Collection<Cluster> clusters) {
        // one thread: it does what can wait, and leaves the others to clients
        workers = vertx.createSharedWorkerExecutor("weir-mirrors", 1);
        clusters.forEach(cluster -> {
            senders.put(cluster.name(), new MirrorSender(vertx, cluster, workers));
            lanes.put(
                    cluster.name(),
                    new MirrorLanes(cluster.name(), topic -> partitions(cluster, topic), senders, accounts));
        });
    }

    /** How many a topic has; 0 where that is not known yet, and then it is looked up for whoever asks again. */
    private static int partitions(Cluster cluster, String topic) {
        int known = cluster.topics().partitionCount(topic);
        if (known == 0) {
            cluster.topicMissed();
        }
        return known;
    }

    /** Whether the policy has any. Asked for each produce request. */
    public boolean areUsed(PolicySnapshot policy) {
        return !policy.mirrors().isEmpty();
    }

    /** Whether one is about records that are written to a topic. Asked for each topic of a produce request. */
    public boolean concern(PolicySnapshot policy, Cluster cluster, String topic) {
        return lanesOf(cluster).concern(policy, topic);
    }

    private MirrorLanes lanesOf(Cluster cluster) {
        return Objects.requireNonNull(lanes.get(cluster.name()));
    }

    /**
     * Copies what mirrors are about, before it goes to the broker.
     *
     * @param request what the broker gets of it
     * @return {@code null} for nothing
     */
    public @Nullable CapturedProduce capture(
            ProduceRequestData request,
            short version,
            PolicySnapshot policy,
            Cluster cluster,
            ByteBufAllocator allocator) {
        MirrorLanes ofCluster = lanesOf(cluster);
        CapturedProduce captured = null;
        for (TopicProduceData topic : request.topicData()) {
            String name = version >= TOPIC_IDS_VERSION ? cluster.topics().name(topic.topicId()) : topic.name();
            MirrorLane lane = name == null ? null : ofCluster.of(policy, name);
            if (lane != null) {
                for (PartitionProduceData partition : topic.partitionData()) {
                    Captured one = partition.records() instanceof MemoryRecords records
                            ? capture(lane, topic.topicId(), partition.index(), records.buffer(), allocator)
                            : null;
                    if (one != null) {
                        captured = captured == null ? new CapturedProduce() : captured;
                        captured.add(one);
                    }
                }
            }
        }
        return captured;
    }

    /** Copies a batch; {@code null} for what no broker takes. */
    private static @Nullable Captured capture(
            MirrorLane lane, Uuid topicId, int partition, ByteBuffer field, ByteBufAllocator allocator) {
        ProducedBatch batch = ProducedBatch.of(field);
        if (partition < 0 || (!batch.whole() && !batch.old())) {
            return null;
        }
        MirrorSender sender = lane.sender();
        boolean refused = batch.transactional() && !lane.mirroring().uncommitted();
        String fault = fault(lane, batch);
        int bytes = field.remaining();
        ByteBuf copy = refused || fault != null || sender == null
                ? null
                : copy(field, sender, bytes + OVERHEAD_BYTES, allocator);
        return new Captured(
                lane,
                topicId,
                partition,
                new Amount(Math.max(1, batch.records()), bytes),
                copy,
                bytes + OVERHEAD_BYTES,
                fault,
                refused);
    }

    private static @Nullable String fault(MirrorLane lane, ProducedBatch batch) {
        if (lane.sender() == null) {
            return "no cluster in weir.yaml is called "
                    + lane.mirroring().target().cluster();
        }
        return batch.old() ? "batches of a format before 2 are not mirrored" : lane.refusal();
    }

    private static @Nullable ByteBuf copy(
            ByteBuffer field, MirrorSender sender, long reservedBytes, ByteBufAllocator allocator) {
        if (!sender.memory().reserve(reservedBytes)) {
            return null;
        }
        try {
            int bytes = field.remaining();
            return allocator.buffer(bytes, bytes).writeBytes(field.duplicate());
        } catch (OutOfDirectMemoryError e) {
            sender.memory().release(reservedBytes);
            return null;
        }
    }

    /** What became of the records of each topic, since start, and whether the policy still has it so. */
    public MirrorFlows flows(PolicySnapshot policy) {
        List<MirrorFlow> told = accounts.flows(route -> {
            MirrorLanes ofCluster = lanes.get(route.cluster());
            return ofCluster != null && route.equals(ofCluster.route(policy, route.topic()));
        });
        return new MirrorFlows(told, accounts.untoldClusters());
    }

    /** Those that policy has, and those that it had, by name. */
    public List<MirrorStatus> status(PolicySnapshot policy) {
        Map<String, Mirroring> inForce = new LinkedHashMap<>();
        policy.mirrors().values().forEach(mirroring -> inForce.put(mirroring.name(), mirroring));
        Map<String, MirrorAccounts.Summary> summaries = accounts.byMirror();
        Set<String> names = new TreeSet<>(inForce.keySet());
        names.addAll(summaries.keySet());
        List<MirrorStatus> all = new ArrayList<>();
        for (String name : names) {
            MirrorAccounts.Summary summary = summaries.getOrDefault(name, MirrorAccounts.Summary.EMPTY);
            LastError error = summary.lastError();
            Mirroring mirroring = inForce.get(name);
            String fault = mirroring == null ? null : unknownCluster(mirroring);
            all.add(new MirrorStatus(
                    name,
                    mirroring == null ? "" : words(mirroring.target()),
                    summary.ledger(),
                    summary.delayMillis(),
                    error == null ? fault : error.words(),
                    error == null ? null : error.at(),
                    summary.untold()));
        }
        return all;
    }

    private @Nullable String unknownCluster(Mirroring mirroring) {
        String cluster = mirroring.target().cluster();
        return cluster == null || senders.containsKey(cluster) ? null : "no cluster in weir.yaml is called " + cluster;
    }

    private static String words(Mirroring.Target target) {
        return target.cluster() == null ? target.topic() : target.topic() + " in " + target.cluster();
    }

    /** What is set aside now for all that is on its way to a cluster, in bytes. */
    public long reservedBytes(String cluster) {
        MirrorSender sender = senders.get(cluster);
        return sender == null ? 0 : sender.memory().reservedBytes();
    }

    /** Gives what is on its way some seconds to arrive; what is acknowledged later is dropped. */
    public Future<Void> close() {
        return Future.join(senders.values().stream().map(MirrorSender::close).toList())
                .onComplete(done -> workers.close())
                .mapEmpty();
    }
}
