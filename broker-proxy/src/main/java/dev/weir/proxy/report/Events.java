package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens now and then, as against with every record: commits, memberships, denials and administration. The same
 * one is kept once in a round. One event loop, then the reporter's thread.
 */
final class Events {
    private static final int EACH_MAX = 10_000;

    /** The newest commit of a group, by partition. */
    record CommitKey(String cluster, String topic, int partition, String group, boolean fetched) {}

    record Commit(long offset, long atMillis, ReportedClient client, String member) {}

    record MembershipKey(ReportedClient client, String group, String member) {}

    record Member(Membership.Protocol protocol, String instance, List<String> topics, boolean left) {}

    /**
     * One kind of denial or administrative request.
     *
     * @param api for {@link Audit.Kind#ADMIN}, else empty
     * @param errorCode of the response to an administrative request
     */
    record AuditKey(
            Audit.Kind kind,
            ReportedClient client,
            String resourceType,
            String resourceName,
            String operation,
            String rule,
            String ruleAt,
            String policyRevision,
            String api,
            int errorCode) {}

    /** How often, and when. */
    static final class Times {
        long firstMillis;
        long lastMillis;
        long count;

        Times(long atMillis) {
            firstMillis = atMillis;
            lastMillis = atMillis;
        }
    }

    final Map<CommitKey, Commit> commits = new HashMap<>(0);
    final Map<MembershipKey, Member> members = new HashMap<>(0);
    final Map<AuditKey, Times> audits = new HashMap<>(0);
    long overflow;

    void commit(CommitKey key, Commit commit) {
        if (hasRoom(commits, key)) {
            commits.put(key, commit);
        }
    }

    void member(MembershipKey key, Member member) {
        if (hasRoom(members, key)) {
            members.put(key, member);
        }
    }

    void audit(AuditKey key, long atMillis) {
        add(key, atMillis, atMillis, 1);
    }

    /** Adds what another loop saw. */
    void add(Events other) {
        other.commits.forEach((key, commit) -> {
            Commit known = commits.get(key);
            if (known == null || known.atMillis <= commit.atMillis) {
                commit(key, commit);
            }
        });
        other.members.forEach(this::member);
        other.audits.forEach((key, times) -> add(key, times.firstMillis, times.lastMillis, times.count));
        overflow += other.overflow;
    }

    private void add(AuditKey key, long firstMillis, long lastMillis, long count) {
        Times times = audits.get(key);
        if (times == null && hasRoom(audits, key)) {
            times = new Times(firstMillis);
            audits.put(key, times);
        }
        if (times != null) {
            times.firstMillis = Math.min(times.firstMillis, firstMillis);
            times.lastMillis = Math.max(times.lastMillis, lastMillis);
            times.count += count;
        }
    }

    private <K> boolean hasRoom(Map<K, ?> map, @Nullable K key) {
        if (map.size() < EACH_MAX || map.containsKey(key)) {
            return true;
        }
        overflow++;
        return false;
    }

    int size() {
        return commits.size() + members.size() + audits.size();
    }

    boolean isEmpty() {
        return size() == 0 && overflow == 0;
    }
}
