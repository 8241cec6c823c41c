package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.TopicTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The lanes of the topics of one cluster, as the policy in force has them; another policy begins with new ones. Any thread. */
final class MirrorLanes {
    /** A topic beyond these gets a new lane whenever it is asked for. */
    private static final int KEPT_MAX = 2_000;

    private final String cluster;
    private final ToIntFunction<String> partitions;
    private final Map<String, MirrorSender> senders;
    private final MirrorAccounts accounts;
    private volatile Kept kept = new Kept(TopicTable.empty(), Map.of());

    private record Kept(TopicTable<Mirroring> policy, Map<String, MirrorLane> byTopic) {}

    /**
     * Makes them.
     *
     * @param cluster that clients write to
     * @param partitions how many a topic has there; 0 while it is not known
     * @param senders by the cluster that they bring copies to
     */
    MirrorLanes(
            String cluster,
            ToIntFunction<String> partitions,
            Map<String, MirrorSender> senders,
            MirrorAccounts accounts) {
        this.cluster = cluster;
        this.partitions = partitions;
        this.senders = senders;
        this.accounts = accounts;
    }

    /** Whether a mirror is about records that are written to a topic. */
    boolean concern(PolicySnapshot policy, String topic) {
        return find(policy.mirrors(), topic) != null;
    }

    private @Nullable Mirroring find(TopicTable<Mirroring> policy, String topic) {
        Mirroring found = policy.find(topic);
        return found != null && found.target().isFrom(cluster) ? found : null;
    }

    /** That of a topic; {@code null} where no mirror is about it. */
    @Nullable
    MirrorLane of(PolicySnapshot snapshot, String topic) {
        TopicTable<Mirroring> policy = snapshot.mirrors();
        Kept now = kept;
        if (now.policy() != policy) {
            now = new Kept(policy, new ConcurrentHashMap<>());
            kept = now;
        }
        MirrorLane known = now.byTopic().get(topic);
        if (known != null) {
            if (known.account().isOfAll()) {
                accounts.of(route(known.mirroring(), topic)); // it is to be known that there still is something
            }
            return known;
        }
        Mirroring mirroring = find(policy, topic);
        if (mirroring == null) {
            return null;
        }
        MirrorLane made = lane(mirroring, topic);
        if (now.byTopic().size() >= KEPT_MAX) {
            return made;
        }
        MirrorLane first = now.byTopic().putIfAbsent(topic, made);
        return first == null ? made : first;
    }

    private MirrorLane lane(Mirroring mirroring, String topic) {
        MirrorRoute route = route(mirroring, topic);
        return new MirrorLane(
                mirroring,
                accounts.of(route),
                senders.get(route.targetCluster()),
                topic,
                () -> partitions.applyAsInt(topic));
    }

    /** Where a policy has the records of a topic go; {@code null} for nowhere. */
    @Nullable
    MirrorRoute route(PolicySnapshot policy, String topic) {
        Mirroring found = find(policy.mirrors(), topic);
        return found == null ? null : route(found, topic);
    }

    private MirrorRoute route(Mirroring mirroring, String topic) {
        Mirroring.Target target = mirroring.target();
        return new MirrorRoute(
                mirroring.name(),
                cluster,
                topic,
                target.cluster() == null ? cluster : target.cluster(),
                target.topicOf(topic));
    }
}
