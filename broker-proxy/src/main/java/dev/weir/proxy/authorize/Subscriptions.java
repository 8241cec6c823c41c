package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What members of this connection last said that they subscribe to, because later heartbeats leave out what has not
 * changed (KIP-848). Event loop of the connection only. The members are few; those longest silent are forgotten first.
 */
final class Subscriptions {
    private static final int MEMBERS_MAX = 256;

    record Member(String groupId, String memberId) {}

    /**
     * @param names topics subscribed to by name
     * @param pattern the member's regular expression, or {@code null} when it has none
     * @param sent the names that the broker was last told, those that the pattern stands for included
     */
    record Subscription(List<String> names, @Nullable TopicPattern pattern, List<String> sent) {}

    private final Map<Member, Subscription> byMember = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Member, Subscription> eldest) {
            return size() > MEMBERS_MAX;
        }
    };

    @Nullable
    Subscription get(Member member) {
        return byMember.get(member);
    }

    void put(Member member, Subscription subscription) {
        byMember.put(member, subscription);
    }

    void remove(Member member) {
        byMember.remove(member);
    }

    /** Whether every name may be described; also when there are none. All are asked, so that each denial is counted. */
    static boolean allDescribable(@Nullable List<String> names, RequestContext context) {
        boolean all = true;
        if (names != null) {
            for (String name : names) {
                all &= context.allowsTopic(name, Operation.DESCRIBE);
            }
        }
        return all;
    }

    /** Those of the names that the cluster does not have. */
    static List<String> missing(Iterable<String> names, RequestContext context) {
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            Uuid id = context.topicId(name);
            if (id == null) {
                missing.add(name);
            }
        }
        return missing;
    }
}
