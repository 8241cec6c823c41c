package dev.weir.proxy.canary;

import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.MemberLog;
import dev.weir.canary.kafka.MeshMember;
import dev.weir.canary.kafka.TopicProblem;
import dev.weir.canary.member.GroupClient;
import dev.weir.canary.member.MemberSeen;
import dev.weir.canary.member.RollCall;
import dev.weir.canary.member.Standing;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.ScopedCanary;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.upstream.KafkaClientSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The canaries of one cluster, as this proxy knows them. It follows the log of their changes as soon as a policy has any, or the cluster
 * has such a log. What a canary shares is what the log says of it once it has begun, so that proxies with another policy than the
 * controller's do the same; policy says it of the others. Any thread.
 *
 * <p>Until the log has been read once, it is not known who belongs to what: clients wait for {@link #firstRead}. Whenever touch with it is lost later, nothing of a canary's topics
 * is served to its two sides; nobody else notices.
 */
public final class ClusterCanaries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCanaries.class);

    private final ClusterConfig cluster;
    private final AtomicReference<CompletableFuture<Void>> change = new AtomicReference<>(new CompletableFuture<>());
    private final CompletableFuture<Void> firstRead = new CompletableFuture<>();
    private final RollCall roll;
    private final HiddenLog hidden;
    private volatile @Nullable MeshMember member;
    private volatile Canaries known = Canaries.EMPTY;

    // guarded by this
    private String proxy = "weir";
    private Canaries policy = Canaries.EMPTY;
    private Map<String, Scope> begun = Map.of();
    private boolean hasLog;
    private boolean closed;
    private volatile @Nullable MemberLog members;

    /** Makes one that follows nothing yet. */
    public ClusterCanaries(ClusterConfig cluster) {
        this.cluster = cluster;
        this.hidden = new HiddenLog(cluster.name());
        this.roll = new RollCall(Duration.ofMillis(cluster.canaries().memberGraceMillis()), this::wake);
    }

    /**
     * A policy is in force from now on.
     *
     * @param proxyName this proxy's name
     */
    public synchronized void enforce(Canaries canaries, String proxyName) {
        proxy = proxyName;
        policy = canaries;
        known = policy.begun(begun);
        follow();
    }

    /** The cluster was asked for its log. One that is hidden is one that cannot be read: nobody knows what has begun. */
    public synchronized void logIs(CanaryLog found) {
        hidden.is(found == CanaryLog.HIDDEN);
        if (found == CanaryLog.THERE && !hasLog) {
            hasLog = true;
            follow();
        } else if (found == CanaryLog.NOT_THERE && !hasLog) {
            firstRead.complete(null); // nothing can have begun
        }
    }

    /** Completes when it is known which canaries have begun: all that was in the log has been read once, or there is none. On any thread. */
    public CompletionStage<Void> firstRead() {
        return firstRead;
    }

    /** Whether {@link #firstRead} is over. */
    public boolean isRead() {
        return firstRead.isDone();
    }

    /** Clients have waited for long enough: from now on they are served by what policy says of canaries, until the log can be read. */
    public void waitNoLonger() {
        if (firstRead.complete(null)) {
            LOG.atWarn()
                    .addKeyValue("cluster", cluster.name())
                    .log(
                            "the log of canary changes cannot be read; clients are served by what policy says of canaries alone");
        }
    }

    /** What does not work now. */
    public List<TopicProblem> problems() {
        List<TopicProblem> all = new ArrayList<>(hidden.problems());
        MeshMember following = member;
        if (following != null) {
            all.addAll(following.problems());
        }
        MemberLog telling = members;
        if (telling != null) {
            all.addAll(telling.problems());
        }
        return all;
    }

    private synchronized void follow() {
        if (!closed && member == null && (hasLog || !policy.isEmpty())) {
            member = MeshMember.start(
                    () -> KafkaClientSettings.of(cluster), proxy, ChangeTimes.DEFAULT, this::somethingChanged);
            members = MemberLog.start(() -> KafkaClientSettings.of(cluster), proxy, roll);
        }
    }

    /** Which clients are on which side of what. The same object as long as that is the same. */
    public Canaries known() {
        return known;
    }

    /**
     * By what a response may go down that <em>has come</em> from the broker.
     *
     * @return {@code null} when nothing of the canary's topics may be served now
     */
    public @Nullable CanaryState serving(ScopedCanary canary) {
        CanaryState state = state(canary.name());
        return state == null || state.pending() != null ? null : state;
    }

    /** What the log says of a canary; {@code null} when that is not known now. */
    public @Nullable CanaryState state(String canary) {
        MeshMember running = member;
        return running == null ? null : running.state(canary);
    }

    /** Whether the canary's members may come to its group: it is known where that begins. */
    public boolean isOpen(ScopedCanary canary) {
        MeshMember running = member;
        return running != null && running.isSeeded(canary.name());
    }

    /**
     * Where a member of the canary's group begins that finds nothing committed.
     *
     * @return -1 when that is not known now
     */
    public long seed(ScopedCanary canary, String topic, int partition) {
        MeshMember running = member;
        return running == null ? -1 : running.seed(canary.name(), new PartitionRef(topic, partition));
    }

    /** Records of a partition are about to be served; to be told before {@link #serving} is asked. */
    public void served(String topic, int partition) {
        MeshMember running = member;
        if (running != null) {
            running.served(topic, partition);
        }
    }

    /** A client of a canary acts as a member of a group. */
    public void seen(MemberSeen sign) {
        roll.seen(sign);
    }

    /** Whether a client of a canary that reads is in a group; where it is waited for, {@link #nextChange} tells that it was seen. */
    public Standing standing(GroupClient client) {
        return roll.of(client);
    }

    /** Completes when the log says something new, or can be read again, or a member was seen: what could not be served then perhaps can. */
    public CompletionStage<Void> nextChange() {
        return Objects.requireNonNull(change.get());
    }

    private void somethingChanged() {
        take();
        wake();
    }

    private void wake() {
        Objects.requireNonNull(change.getAndSet(new CompletableFuture<>())).complete(null);
    }

    /** Takes over what has begun or ended. Where touch with the log is lost, what was known stays. */
    private synchronized void take() {
        MeshMember running = member;
        Map<String, CanaryState> states = running == null ? null : running.states();
        Map<String, CanaryState> logged = running == null ? null : running.logged();
        if (states == null && logged == null) {
            return;
        }
        // whoever may not serve by it learns what has begun; what has ended, from a log that it may serve by
        Map<String, Scope> now = states == null ? new HashMap<>(begun) : new HashMap<>();
        Objects.requireNonNull(states == null ? logged : states).forEach((name, state) -> {
            Scope scope = state.scope();
            if (scope != null) {
                now.put(name, scope);
            }
        });
        if (!now.equals(begun)) {
            begun = Map.copyOf(now);
            known = policy.begun(begun);
        }
        if (logged != null) {
            firstRead.complete(null);
        }
    }

    /** Blocks for a moment; not for an event loop. */
    @Override
    public void close() {
        MeshMember running;
        MemberLog telling;
        synchronized (this) {
            closed = true;
            running = member;
            telling = members;
        }
        if (running != null) {
            running.close();
        }
        if (telling != null) {
            telling.close();
        }
    }
}
