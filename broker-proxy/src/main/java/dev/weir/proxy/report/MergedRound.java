package dev.weir.proxy.report;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Acknowledgement;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.mesh.report.v1.OffsetRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rounds of all loops as one: in it, each flow, partition and membership is told of once. The reporter's
 * thread. What is more than it has room for is left out and counted.
 */
final class MergedRound {
    private static final int FLOWS_MAX = 20_000;
    private static final int PARTITIONS_MAX = 50_000;

    record FlowKey(ReportedClient client, Direction direction, String topic, String group) {}

    record PartitionKey(String cluster, String topic, int partition) {}

    private final Map<FlowKey, MergedFlow> flows = new HashMap<>();
    private final Map<PartitionKey, MergedPartition> partitions = new HashMap<>();
    private final Events events = new Events();
    private final Groups groups;
    private long fromMillis = Long.MAX_VALUE;
    private long toMillis;
    private long overflow;

    MergedRound(Groups groups) {
        this.groups = groups;
    }

    void add(LoopRound round) {
        fromMillis = Math.min(fromMillis, round.fromMillis());
        toMillis = Math.max(toMillis, round.toMillis());
        overflow += round.overflow();
        round.flows().forEach(this::add);
        round.partitions().forEach(this::add);
        events.add(round.events());
    }

    private void add(LoopRound.FlowCounts counts) {
        String group = counts.direction() == Direction.CONSUME ? groups.of(counts.client(), counts.topic()) : "";
        FlowKey key = new FlowKey(counts.client(), counts.direction(), counts.topic(), group);
        MergedFlow flow = flows.get(key);
        if (flow == null) {
            if (flows.size() >= FLOWS_MAX) {
                overflow++;
                return;
            }
            flow = new MergedFlow();
            flows.put(key, flow);
        }
        flow.add(counts);
    }

    private void add(LoopRound.PartitionSeen seen) {
        MergedPartition partition = partition(seen.client().cluster(), seen.topic(), seen.partition());
        if (partition != null) {
            partition.add(seen, groups.of(seen.client(), seen.topic()));
        }
    }

    private @org.jspecify.annotations.Nullable MergedPartition partition(String cluster, String topic, int partition) {
        PartitionKey key = new PartitionKey(cluster, topic, partition);
        MergedPartition known = partitions.get(key);
        if (known == null) {
            if (partitions.size() >= PARTITIONS_MAX) {
                overflow++;
                return null;
            }
            known = new MergedPartition();
            partitions.put(key, known);
        }
        return known;
    }

    long fromMillis() {
        return Math.min(fromMillis, toMillis);
    }

    long toMillis() {
        return toMillis;
    }

    long overflow() {
        return overflow + events.overflow;
    }

    /**
     * Makes the records to send.
     *
     * @param header of the round; the cluster is filled in here
     */
    List<ReportMessage> messages(Header.Builder header) {
        events.commits.forEach(this::addCommit);
        events.acknowledged.forEach(this::addAcknowledged);
        List<ReportMessage> messages = new ArrayList<>(flows.size() + partitions.size() + events.size());
        flows.forEach((key, flow) -> messages.add(new ReportMessage(
                ReportTopic.FLOWS,
                ReportKeys.flow(key.client.cluster(), key.topic),
                flow.message(header.setCluster(key.client.cluster()), key).toByteArray())));
        partitions.forEach((key, partition) -> messages.add(new ReportMessage(
                ReportTopic.PROGRESS,
                ReportKeys.progress(key.cluster, key.topic, key.partition),
                partition
                        .message(header.setCluster(key.cluster), key.topic, key.partition)
                        .toByteArray())));
        events.members.forEach((key, member) -> messages.add(membership(header, key, member)));
        return messages;
    }

    private void addCommit(Events.CommitKey key, Events.Commit commit) {
        MergedPartition partition = partition(key.cluster(), key.topic(), key.partition());
        if (partition != null) {
            partition.add(GroupOffset.newBuilder()
                    .setGroup(key.group())
                    .setCommittedOffset(commit.offset())
                    .setAtMillis(commit.atMillis())
                    .setClient(commit.client().message())
                    .setMember(commit.member())
                    .setFetched(key.fetched())
                    .build());
        }
    }

    private void addAcknowledged(Events.AcknowledgedKey key, Acknowledged acknowledged) {
        MergedPartition partition = partition(key.client().cluster(), key.topic(), key.partition());
        if (partition != null) {
            Acknowledgement.Builder message = Acknowledgement.newBuilder()
                    .setGroup(key.group())
                    .setClient(key.client().message())
                    .setMember(key.member())
                    .setAtMillis(acknowledged.atMillis())
                    .setAccepted(acknowledged.accepted())
                    .setReleased(acknowledged.released())
                    .setRejected(acknowledged.rejected())
                    .setRenewed(acknowledged.renewed());
            acknowledged
                    .done()
                    .forEach(range -> message.addDone(OffsetRange.newBuilder()
                            .setFirstOffset(range.first())
                            .setEndOffset(range.end())));
            partition.add(message.build());
        }
    }

    private static ReportMessage membership(Header.Builder header, Events.MembershipKey key, Events.Member member) {
        String cluster = key.client().cluster();
        Membership message = Membership.newBuilder()
                .setHeader(header.setCluster(cluster))
                .setGroup(key.group())
                .setProtocol(member.protocol())
                .setClient(key.client().message())
                .setMember(key.member())
                .setInstance(member.instance())
                .addAllTopics(member.topics())
                .setLeft(member.left())
                .setEpoch(member.epoch())
                .addAllBegunEpochs(member.begun())
                .build();
        return new ReportMessage(
                ReportTopic.MEMBERSHIPS, ReportKeys.membership(cluster, key.group()), message.toByteArray());
    }
}
