package dev.weir.topology.mesh;

import dev.weir.topology.view.GroupLag;
import java.util.List;

/** What is known of the members of groups. Called under the read lock of the view table, by any thread. */
public interface MembershipAnswers {

    /** Who was in the group at that time, by member id; empty where nobody was. */
    List<GroupLag.Member> members(String cluster, String group, long atMillis);

    /** When the group was rebalanced, as far as it is known, in the hour before that time. */
    GroupLag.Rebalances rebalances(String cluster, String group, long atMillis);

    /** {@code CLASSIC}, {@code CONSUMER}, {@code SHARE}, {@code STREAMS}, or empty when it is not known. */
    String protocol(String cluster, String group);

    /** Services, or principals without one, that read in it, members before among them, by name. */
    List<String> services(String cluster, String group);

    /**
     * The one group that all these clients read a topic in; empty where they do not agree or nothing is known.
     *
     * @param clients by {@code EdgeKey.clientHash}
     */
    String groupOf(Iterable<Long> clients, String topic);
}
