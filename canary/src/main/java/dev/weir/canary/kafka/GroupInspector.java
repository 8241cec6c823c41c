package dev.weir.canary.kafka;

import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.member.GroupCheck;
import dev.weir.canary.member.GroupMember;
import dev.weir.canary.member.RollCall;
import dev.weir.mesh.log.FailureWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, every few seconds, whether the members that brokers have in the groups of canaries are those that proxies have told of. On a thread
 * of its own: a controller does not wait for brokers while fetches are held back.
 */
final class GroupInspector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupInspector.class);
    private static final long LOOK_MILLIS = 2_000;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long CLOSE_MILLIS = 10_000;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final ClientSettings clients;
    private final RollCall roll;
    private final MemberLog log;
    private final FollowerThread thread;
    private volatile Map<String, Scope> scopes = Map.of();
    private volatile Map<String, GroupCheck> checks = Map.of();
    private volatile long checkedNanos = System.nanoTime() - FRESH_NANOS;

    private GroupInspector(ClientSettings clients, Duration grace) {
        this.clients = clients;
        this.roll = new RollCall(grace, () -> {});
        this.log = MemberLog.of(clients, roll);
        this.thread = new FollowerThread(
                "weir-canary-inspector", this::inspect, this::failed, () -> {}, LOOK_MILLIS, CLOSE_MILLIS);
    }

    /**
     * Begins to look.
     *
     * @param grace how long a member may be in a group before some proxy has told of it
     */
    static GroupInspector start(ClientSettings clients, Duration grace) {
        GroupInspector inspector = new GroupInspector(clients, grace);
        inspector.log.start();
        inspector.thread.start();
        return inspector;
    }

    /** Says whose groups are to be looked at, by the name of the canary. */
    void look(Map<String, Scope> at) {
        if (!at.equals(scopes)) {
            scopes = Map.copyOf(at);
        }
    }

    /** What was found lately. */
    GroupCheck of(String canary) {
        GroupCheck check = checks.get(canary);
        return check == null || System.nanoTime() - checkedNanos > FRESH_NANOS
                ? GroupCheck.failed("brokers have not been asked yet")
                : check;
    }

    private void failed(RuntimeException cause) {
        LOG.atWarn().setCause(cause).log("it cannot be looked who is in the groups of canaries; trying again");
    }

    private void inspect(FollowerThread follower) throws InterruptedException {
        try (Admin admin = Admin.create(clients.with(Map.of()))) {
            do {
                Map<String, Scope> now = scopes;
                Set<String> groups = new TreeSet<>();
                now.values().forEach(scope -> groups.addAll(groups(scope)));
                Map<String, KafkaFuture<ConsumerGroupDescription>> asked = groups.isEmpty()
                        ? Map.of()
                        : admin.describeConsumerGroups(
                                        groups, new DescribeConsumerGroupsOptions().timeoutMs(TIMEOUT_MILLIS))
                                .describedGroups();
                Map<String, GroupCheck> found = new HashMap<>();
                for (Map.Entry<String, Scope> canary : now.entrySet()) {
                    found.put(canary.getKey(), check(canary.getValue(), asked));
                }
                checks = Map.copyOf(found);
                checkedNanos = System.nanoTime();
            } while (!follower.pause(LOOK_MILLIS));
        }
    }

    private static List<String> groups(Scope scope) {
        return List.of(scope.group(Side.STABLE), scope.group(Side.CANARY));
    }

    private GroupCheck check(Scope scope, Map<String, KafkaFuture<ConsumerGroupDescription>> asked)
            throws InterruptedException {
        List<GroupMember> members = new ArrayList<>();
        for (String group : groups(scope)) {
            try {
                Objects.requireNonNull(asked.get(group))
                        .get()
                        .members()
                        .forEach(member -> members.add(
                                new GroupMember(group, member.consumerId(), member.clientId(), member.host())));
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (!(cause instanceof GroupIdNotFoundException)) { // nobody is in it
                    return GroupCheck.failed(group + ": " + FailureWords.ofItself(cause == null ? e : cause));
                }
            }
        }
        return GroupCheck.of(members, roll);
    }

    @Override
    public void close() {
        thread.close();
        log.close();
    }
}
