package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens now and then, as against with every record: commits, acknowledgements and memberships. The same
 * one is kept once in a round. One event loop, then the reporter's thread.
 */
final class Events {
    private static final int EACH_MAX = 10_000;

    /** The newest commit of a group, by partition. */
    record CommitKey(String cluster, String topic, int partition, String group, boolean fetched) {}

    record Commit(long offset, long atMillis, ReportedClient client, String member) {}

    /** What one member of a share group acknowledged, by partition. */
    record AcknowledgedKey(ReportedClient client, String topic, int partition, String group, String member) {}

    record MembershipKey(ReportedClient client, String group, String member) {}

    record Member(Membership.Protocol protocol, String instance, List<String> topics, boolean left) {}

    final Map<CommitKey, Commit> commits = new HashMap<>(0);
    final Map<AcknowledgedKey, Acknowledged> acknowledged = new HashMap<>(0);
    final Map<MembershipKey, Member> members = new HashMap<>(0);
    long overflow;

    void commit(CommitKey key, Commit commit) {
        if (hasRoom(commits, key)) {
            commits.put(key, commit);
        }
    }

    void acknowledged(AcknowledgedKey key, Acknowledged more, long atMillis) {
        Acknowledged known = acknowledged.get(key);
        if (known == null && hasRoom(acknowledged, key)) {
            known = new Acknowledged();
            acknowledged.put(key, known);
        }
        if (known != null) {
            known.add(more, atMillis);
        }
    }

    /**
     * Keeps what is newest of a member. A share fetch, which names no topics, does not undo a leave of the same round: it
     * goes over another connection, so the two come in any order, and the leave is a member's last word.
     */
    void member(MembershipKey key, Member member) {
        Member before = members.get(key);
        if (before != null && before.left && !member.left && member.topics.isEmpty()) {
            return;
        }
        if (hasRoom(members, key)) {
            members.put(key, member);
        }
    }

    /** Adds what another loop saw. */
    void add(Events other) {
        other.commits.forEach((key, commit) -> {
            Commit known = commits.get(key);
            if (known == null || known.atMillis <= commit.atMillis) {
                commit(key, commit);
            }
        });
        other.acknowledged.forEach((key, more) -> acknowledged(key, more, more.atMillis()));
        other.members.forEach(this::member);
        overflow += other.overflow;
    }

    private <K> boolean hasRoom(Map<K, ?> map, @Nullable K key) {
        if (map.size() < EACH_MAX || map.containsKey(key)) {
            return true;
        }
        overflow++;
        return false;
    }

    int size() {
        return commits.size() + acknowledged.size() + members.size();
    }

    boolean isEmpty() {
        return size() == 0 && overflow == 0;
    }
}
