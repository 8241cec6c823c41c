package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    /**
     * What a member said last.
     *
     * @param epoch the generation of its group, or its own epoch; 0 where it was not said
     * @param begun those that it came to in this round
     */
    record Member(
            Membership.Protocol protocol,
            String instance,
            List<String> topics,
            boolean left,
            int epoch,
            Set<Integer> begun) {
        Member(Membership.Protocol protocol, String instance, List<String> topics, boolean left) {
            this(protocol, instance, topics, left, 0, Set.of());
        }

        /** The same, which has just come to its epoch. */
        Member begins(int now) {
            return new Member(protocol, instance, topics, left, now, Set.of(now));
        }

        /** The same, with what was said before it. */
        private Member after(Member before) {
            if (epoch > 0 && before.begun.isEmpty()) {
                return this;
            }
            Set<Integer> all = new TreeSet<>(before.begun);
            all.addAll(begun);
            return new Member(protocol, instance, topics, left, epoch > 0 ? epoch : before.epoch, all);
        }
    }

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
        if (before != null && before.left && !member.left && member.topics.isEmpty() && member.begun.isEmpty()) {
            return;
        }
        if (hasRoom(members, key)) {
            members.put(key, before == null ? member : member.after(before));
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
