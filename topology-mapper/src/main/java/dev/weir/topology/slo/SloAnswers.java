package dev.weir.topology.slo;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.state.v1.SloBlock;
import dev.weir.topology.view.PolicyView.Objective;
import dev.weir.topology.view.SloView;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Counts of commit delays of all partitions, in memory, and objectives judged by them. */
public final class SloAnswers {
    private final Map<String, TreeMap<String, SloBlock>> blocks = new HashMap<>();
    private long forgottenMillis;

    /** A group on a partition, and the services that read in it. */
    public record Reader(PartitionState partition, GroupState group, List<String> services) {}

    public void put(String key, @Nullable SloBlock block) {
        if (block != null) {
            blocks.computeIfAbsent(
                            partition(block.getCluster(), block.getTopic(), block.getPartition()),
                            ignored -> new TreeMap<>())
                    .put(key, block);
        }
    }

    /** Once in an hour is enough. */
    public void forget(long nowMillis) {
        if (nowMillis - forgottenMillis > 3_600_000) {
            forgottenMillis = nowMillis;
            blocks.values().forEach(kept -> kept.values().removeIf(block -> old(block, nowMillis)));
            blocks.values().removeIf(TreeMap::isEmpty);
        }
    }

    private static boolean old(SloBlock block, long nowMillis) {
        SloTier tier = SloTier.ofSlot(block.getSlotMillis());
        return block.getStartMillis() + tier.blockMillis() + tier.keepMillis() < nowMillis;
    }

    private static String partition(String cluster, String topic, int partition) {
        return new String(ReportKeys.progress(cluster, topic, partition), StandardCharsets.UTF_8);
    }

    public SloView judge(Objective objective, List<Reader> readers, long atMillis) {
        SloEvaluator evaluator = new SloEvaluator(objective, atMillis);
        TreeSet<String> groups = new TreeSet<>();
        for (Reader reader : readers) {
            if (!meant(objective, reader)) {
                continue;
            }
            String group = reader.group().getGroup();
            groups.add(group);
            evaluator.add(reader.group().getPending());
            PartitionState partition = reader.partition();
            blocks.getOrDefault(
                            partition(partition.getCluster(), partition.getTopic(), partition.getPartition()),
                            new TreeMap<>())
                    .values()
                    .forEach(block -> evaluator.add(block, group));
        }
        return evaluator.judge(groups.isEmpty() ? objective.group() : String.join(",", groups));
    }

    private static boolean meant(Objective objective, Reader reader) {
        boolean group = objective.group().isEmpty()
                ? reader.services().contains(objective.service())
                : objective.group().equals(reader.group().getGroup());
        boolean cluster = objective.cluster().isEmpty()
                || objective.cluster().equals(reader.partition().getCluster());
        return group
                && cluster
                && (objective.topics().isEmpty()
                        || objective.topics().stream()
                                .anyMatch(topic ->
                                        matches(topic, reader.partition().getTopic())));
    }

    private static boolean matches(String pattern, String topic) {
        return pattern.endsWith("*")
                ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(topic);
    }
}
