package dev.weir.canary.member;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whether the members of a canary's groups come through the mesh. Immutable.
 *
 * @param strangers those that no proxy has seen, long enough after brokers first told of them
 * @param unknown how many more there are that no proxy has told of yet
 * @param problem why it is not known who is in the groups; empty where it is
 */
public record GroupCheck(List<GroupMember> strangers, int unknown, String problem) {
    private static final int NAMED_MAX = 3;

    public GroupCheck {
        strangers = List.copyOf(strangers);
    }

    /**
     * Holds members against what proxies have told.
     *
     * @param members of the groups of one canary
     */
    public static GroupCheck of(List<GroupMember> members, RollCall roll) {
        List<GroupMember> strangers = new ArrayList<>();
        int unknown = 0;
        for (GroupMember member : members) {
            Standing standing = roll.ofMember(member.memberId());
            if (standing instanceof Standing.Absent) {
                strangers.add(member);
            } else if (standing instanceof Standing.Awaited) {
                unknown++;
            }
        }
        Collections.sort(strangers);
        return new GroupCheck(strangers, unknown, "");
    }

    /** It could not be looked who is in the groups. */
    public static GroupCheck failed(String problem) {
        return new GroupCheck(List.of(), 0, problem);
    }

    /** Why the canary may not get more now; empty where nothing stands in its way. */
    public String obstacle() {
        if (!problem.isEmpty()) {
            return "it is not known who is in its groups: " + problem;
        }
        if (!strangers.isEmpty()) {
            List<String> named = strangers.stream()
                    .limit(NAMED_MAX)
                    .map(GroupMember::toString)
                    .toList();
            return "members of its groups come to brokers around Weir: " + String.join("; ", named)
                    + (strangers.size() > NAMED_MAX ? " and " + (strangers.size() - NAMED_MAX) + " more" : "");
        }
        return unknown == 0 ? "" : unknown + " members of its groups have not been seen by a proxy yet";
    }
}
