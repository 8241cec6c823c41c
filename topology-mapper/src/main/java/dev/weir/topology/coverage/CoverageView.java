package dev.weir.topology.coverage;

import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.state.v1.CoverageState.CoverageSlot;
import dev.weir.topology.state.v1.CoverageState.GroupCoverage;
import dev.weir.topology.state.v1.CoverageState.TopicCoverage;
import dev.weir.topology.state.v1.UnacknowledgedState;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Coverage.Bypass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Coverage and what brokers said of topics and groups, for all clusters, in memory. */
public final class CoverageView {
    private static final long SHARE_MILLIS = 3_600_000;

    private final Map<String, Indexed> clusters = new HashMap<>();
    private final Map<String, UnacknowledgedState> unacknowledged = new HashMap<>();

    private record Indexed(CoverageState state, Map<String, TopicCoverage> topics, Map<String, GroupCoverage> groups) {}

    public void put(String key, @Nullable CoverageState state) {
        if (state == null) {
            clusters.values().removeIf(indexed -> key.endsWith(indexed.state.getCluster()));
            return;
        }
        Map<String, TopicCoverage> topics = new HashMap<>();
        state.getTopicsList().forEach(topic -> topics.put(topic.getTopic(), topic));
        Map<String, GroupCoverage> groups = new HashMap<>();
        state.getGroupsList().forEach(group -> groups.put(group.getGroup(), group));
        clusters.put(state.getCluster(), new Indexed(state, topics, groups));
    }

    public void put(String key, @Nullable UnacknowledgedState state) {
        if (state == null) {
            unacknowledged.remove(key);
        } else {
            unacknowledged.put(key, state);
        }
    }

    /** The last that was said of a cluster. */
    public CoverageState state(String cluster) {
        Indexed indexed = clusters.get(cluster);
        return indexed == null ? CoverageState.getDefaultInstance() : indexed.state;
    }

    /** Records that proxies let through to a topic with acks=0. */
    public long unacknowledged(String cluster, String topic) {
        return unacknowledged.values().stream()
                .filter(state ->
                        state.getTopic().equals(topic) && state.getCluster().equals(cluster))
                .mapToLong(UnacknowledgedState::getRecords)
                .sum();
    }

    public @Nullable TopicCoverage topic(String cluster, String topic) {
        Indexed indexed = clusters.get(cluster);
        return indexed == null ? null : indexed.topics.get(topic);
    }

    public boolean compacted(String cluster, String topic) {
        TopicCoverage known = topic(cluster, topic);
        return known != null && known.getCompacted();
    }

    /** As {@code GroupLag} names it; empty when it is not known. */
    public String protocol(String cluster, String group) {
        Indexed indexed = clusters.get(cluster);
        GroupCoverage known = indexed == null ? null : indexed.groups.get(group);
        return known == null ? "" : known.getProtocol();
    }

    public Coverage coverage(long nowMillis) {
        if (clusters.isEmpty()) {
            return Coverage.UNKNOWN;
        }
        List<Bypass> topics = new ArrayList<>();
        List<Bypass> groups = new ArrayList<>();
        long reported = 0;
        long bypass = 0;
        long checked = -1;
        for (Indexed indexed : clusters.values()) {
            CoverageState state = indexed.state;
            checked = Math.max(checked, state.getCheckedMillis());
            for (TopicCoverage topic : state.getTopicsList()) {
                if (topic.getBypass().getRecords() > 0) {
                    topics.add(bypass(state, topic.getTopic(), topic.getBypass()));
                }
            }
            for (GroupCoverage group : state.getGroupsList()) {
                if (group.getBypass().getRecords() > 0) {
                    groups.add(bypass(state, group.getGroup(), group.getBypass()));
                }
            }
            for (CoverageSlot slot : state.getSlotsList()) {
                if (slot.getStartMillis() > nowMillis - SHARE_MILLIS) {
                    reported += slot.getReportedRecords();
                    bypass += slot.getBypassRecords();
                }
            }
        }
        Comparator<Bypass> most = Comparator.comparingLong(Bypass::records).reversed();
        topics.sort(most);
        groups.sort(most);
        double percent = reported + bypass == 0 ? -1 : 100.0 * reported / (reported + bypass);
        return new Coverage(percent, topics, groups, checked);
    }

    private static Bypass bypass(CoverageState state, String name, CoverageState.Bypass bypass) {
        return new Bypass(
                state.getCluster(), name, bypass.getRecords(), bypass.getFirstMillis(), bypass.getLastMillis());
    }
}
