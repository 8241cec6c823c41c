package dev.weir.topology.member;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.topology.state.v1.MembershipRecord;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StateTopic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps, of each member of a group, since when and until when it was seen. These are facts with times, so it does not
 * matter how often or in which order they come. The last members of a group stay for a week, so that the group does; of
 * those before them, not more than {@link #MEMBERS_MAX} of one partition.
 */
final class MembershipProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Duration FORWARD_EVERY = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);
    private static final int MEMBERS_MAX = 20_000;
    private static final int TOPICS_MAX = 200;
    private static final long KEEP_MILLIS = 7 * 24 * 3_600_000L;
    /** A member that goes on as before is told so often. */
    private static final long TELL_EVERY_MILLIS = 10_000;

    private final ReportCounts counts;
    private final Map<Long, MembershipRecord> members = new HashMap<>();
    private final Map<Long, Long> toldMillis = new HashMap<>();
    private final Set<Long> changed = new HashSet<>();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> store;
    private long refreshedMillis;

    @SuppressWarnings("NullAway.Init") // Streams calls init first
    MembershipProcessor(ReportCounts counts) {
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = context.getStateStore(MembershipPart.STORE);
        try (KeyValueIterator<byte[], byte[]> stored = store.all()) {
            stored.forEachRemaining(
                    entry -> members.put(ByteBuffer.wrap(entry.key).getLong(), parse(entry.value)));
        }
        changed.addAll(members.keySet());
        refreshedMillis = context.currentSystemTimeMs();
        context.schedule(FORWARD_EVERY, PunctuationType.WALL_CLOCK_TIME, this::forward);
        context.schedule(SWEEP_EVERY, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    private static MembershipRecord parse(byte[] stored) {
        try {
            return MembershipRecord.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a member that was written by this program", e);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> report) {
        Membership membership;
        try {
            membership = Membership.parseFrom(report.value());
        } catch (InvalidProtocolBufferException e) {
            counts.malformed();
            return;
        }
        counts.taken();
        String cluster = membership.getHeader().getCluster();
        // before it has a member id, the client is the member
        String who = membership.getMember().isEmpty()
                ? membership.getClient().getClientId()
                        + '@'
                        + membership.getClient().getSource()
                : membership.getMember();
        long id = new Hash64().add(cluster).add(membership.getGroup()).add(who).value();
        MembershipRecord before = members.get(id);
        if (before == null && members.size() >= MEMBERS_MAX) {
            return;
        }
        MembershipRecord after = merge(before, membership, who);
        if (after.equals(before)) {
            return;
        }
        members.put(id, after);
        store.put(storeKey(id), after.toByteArray());
        boolean same = before != null
                && before.getLeftMillis() == after.getLeftMillis()
                && before.getTopicsList().equals(after.getTopicsList())
                && before.getBegunEpochsList().equals(after.getBegunEpochsList());
        if (!same || after.getLastSeenMillis() - toldMillis.getOrDefault(id, 0L) >= TELL_EVERY_MILLIS) {
            changed.add(id);
        }
    }

    private static MembershipRecord merge(@Nullable MembershipRecord before, Membership membership, String who) {
        long from = membership.getHeader().getFromMillis();
        long to = membership.getHeader().getToMillis();
        MembershipRecord.Builder after = before == null
                ? MembershipRecord.newBuilder()
                        .setCluster(membership.getHeader().getCluster())
                        .setGroup(membership.getGroup())
                        .setMember(who)
                        .setFirstSeenMillis(from)
                : before.toBuilder().setFirstSeenMillis(Math.min(before.getFirstSeenMillis(), from));
        boolean newest = to >= after.getLastSeenMillis();
        if (newest) {
            after.setLastSeenMillis(to).setClient(membership.getClient()).setLeftMillis(membership.getLeft() ? to : 0);
        }
        if (membership.getProtocol() != Membership.Protocol.PROTOCOL_UNSPECIFIED) {
            after.setProtocol(membership.getProtocol());
        }
        if (newest && membership.getEpoch() > 0) {
            after.setEpoch(membership.getEpoch());
        }
        RebalanceTimes.add(after, membership.getBegunEpochsList(), to);
        if (newest && membership.getTopicsCount() > 0) {
            after.clearTopics()
                    .addAllTopics(Stream.concat(
                                    membership.getTopicsList().stream(),
                                    before == null ? Stream.of() : before.getTopicsList().stream())
                            .distinct()
                            .sorted()
                            .limit(TOPICS_MAX)
                            .toList());
        }
        return after.build();
    }

    private void forward(long nowMillis) {
        for (long id : changed) {
            MembershipRecord record = members.get(id);
            if (record != null) {
                toldMillis.put(id, record.getLastSeenMillis());
                context.forward(new Record<>(Hash64.key(RecordKind.MEMBERSHIP, id), record.toByteArray(), nowMillis));
            }
        }
        changed.clear();
    }

    private void sweep(long nowMillis) {
        for (Iterator<Map.Entry<Long, MembershipRecord>> all =
                        members.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Long, MembershipRecord> entry = all.next();
            if (entry.getValue().getLastSeenMillis() < nowMillis - KEEP_MILLIS) {
                all.remove();
                toldMillis.remove(entry.getKey());
                store.delete(storeKey(entry.getKey()));
                context.forward(new Record<>(Hash64.key(RecordKind.MEMBERSHIP, entry.getKey()), null, nowMillis));
            }
        }
        if (nowMillis - refreshedMillis >= StateTopic.REFRESH_MILLIS) {
            refreshedMillis = nowMillis;
            changed.addAll(members.keySet());
        }
    }

    private static byte[] storeKey(long id) {
        return ByteBuffer.allocate(8).putLong(id).array();
    }
}
