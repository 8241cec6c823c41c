package dev.weir.topology.member;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.topology.edge.EdgeKey;
import dev.weir.topology.mesh.MembershipAnswers;
import dev.weir.topology.state.v1.MembershipRecord;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.view.GroupLag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All members of all groups, those that left among them. */
public final class MembershipTable implements ViewPart, MembershipAnswers {
    /** Who has not been heard of for that long is no member any more: the default session timeout of clients. */
    private static final long GONE_MILLIS = 45_000;

    private record GroupName(String cluster, String group) {}

    private final Map<Long, MembershipRecord> members = new HashMap<>();
    private final Map<GroupName, Map<Long, MembershipRecord>> byGroup = new HashMap<>();
    private final Map<Long, Map<Long, MembershipRecord>> byClient = new HashMap<>();

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.MEMBERSHIP);
    }

    @Override
    public void accept(RecordKind kind, byte[] key, byte @Nullable [] value) {
        long id = Hash64.ofKey(key);
        MembershipRecord before = members.remove(id);
        if (before != null) {
            remove(byGroup, name(before), id);
            remove(byClient, clientHash(before), id);
        }
        if (value == null) {
            return;
        }
        try {
            MembershipRecord record = MembershipRecord.parseFrom(value);
            members.put(id, record);
            byGroup.computeIfAbsent(name(record), absent -> new HashMap<>(4)).put(id, record);
            byClient.computeIfAbsent(clientHash(record), absent -> new HashMap<>(2))
                    .put(id, record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a member that was written by this program", e);
        }
    }

    private static GroupName name(MembershipRecord record) {
        return new GroupName(record.getCluster(), record.getGroup());
    }

    private static long clientHash(MembershipRecord record) {
        return EdgeKey.clientHash(record.getCluster(), record.getClient());
    }

    private static <K> void remove(Map<K, Map<Long, MembershipRecord>> index, K key, long id) {
        index.computeIfPresent(key, (same, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    @Override
    public void tick(long nowMillis) {
        // the stream removes what is old
    }

    @Override
    public List<GroupLag.Member> members(String cluster, String group, long atMillis) {
        return of(cluster, group).stream()
                .filter(record -> in(record, atMillis))
                .sorted(Comparator.comparing(MembershipRecord::getMember))
                .map(MembershipTable::member)
                .toList();
    }

    @Override
    public GroupLag.Rebalances rebalances(String cluster, String group, long atMillis) {
        return RebalanceTimes.of(of(cluster, group), atMillis);
    }

    @Override
    public String protocol(String cluster, String group) {
        return of(cluster, group).stream()
                .filter(record -> record.getProtocol() != Membership.Protocol.PROTOCOL_UNSPECIFIED)
                .max(Comparator.comparingLong(MembershipRecord::getLastSeenMillis))
                .map(record -> record.getProtocol().name())
                .orElse("");
    }

    @Override
    public List<String> services(String cluster, String group) {
        Set<String> services = new TreeSet<>();
        of(cluster, group).forEach(record -> services.add(serviceOf(record.getClient())));
        return List.copyOf(services);
    }

    @Override
    public String groupOf(Iterable<Long> clients, String topic) {
        Set<String> groups = new TreeSet<>();
        for (long client : clients) {
            byClient.getOrDefault(client, Map.of()).values().stream()
                    .filter(record -> record.getTopicsCount() == 0
                            || record.getTopicsList().contains(topic))
                    .forEach(record -> groups.add(record.getGroup()));
        }
        return groups.size() == 1 ? groups.iterator().next() : "";
    }

    private List<MembershipRecord> of(String cluster, String group) {
        return new ArrayList<>(
                byGroup.getOrDefault(new GroupName(cluster, group), Map.of()).values());
    }

    private static boolean in(MembershipRecord record, long atMillis) {
        long until = record.getLeftMillis() > 0 ? record.getLeftMillis() : record.getLastSeenMillis() + GONE_MILLIS;
        return record.getFirstSeenMillis() <= atMillis && atMillis < until;
    }

    private static String serviceOf(Client client) {
        return client.getService().isEmpty() ? client.getPrincipal() : client.getService();
    }

    private static GroupLag.Member member(MembershipRecord record) {
        Client client = record.getClient();
        return new GroupLag.Member(
                record.getMember(),
                client.getClientId(),
                serviceOf(client),
                client.getVersion(),
                client.getSource(),
                (client.getSoftwareName() + ' ' + client.getSoftwareVersion()).trim(),
                record.getLastSeenMillis());
    }
}
