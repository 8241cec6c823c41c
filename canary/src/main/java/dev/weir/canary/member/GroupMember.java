package dev.weir.canary.member;

/**
 * A member, as brokers describe it.
 *
 * @param group as brokers know it
 * @param host where it is connected from, as brokers see it
 */
public record GroupMember(String group, String memberId, String clientId, String host)
        implements Comparable<GroupMember> {
    @Override
    public int compareTo(GroupMember other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : memberId.compareTo(other.memberId);
    }

    @Override
    public String toString() {
        return "client id " + clientId + " at " + host + " in group " + group;
    }
}
