package dev.weir.canary.member;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Calls the roll of groups: collects signs that clients are members, from what passes here and from what other proxies tell, and says of a
 * client that reads whether it is one. Any thread; blocks nobody; bounded.
 *
 * <p>To refuse a member is worse than to refuse somebody else late. So nobody is absent before a grace has passed, and before
 * everything has been read that other proxies told in that time; and who was seen once is a member for about an hour, however long its
 * heartbeats or a rebalance take.
 */
public final class RollCall {
    /** For how long a sign counts at least. */
    public static final Duration KEPT = Duration.ofHours(1);

    private static final int CLIENTS_MAX = 20_000;
    private static final int UNTOLD_MAX = 10_000;
    private static final long TELL_AGAIN_NANOS = KEPT.toNanos() / 4;
    /** Who does not ask for so long begins its grace anew: another client of the same name, perhaps, or the same one after a new start. */
    private static final Duration ABSENCE_KEPT = Duration.ofSeconds(10);

    private final long graceNanos;
    private final Ticker ticker;
    private final Runnable news;
    /** When others were last told of a sign, or told of it. */
    private final Cache<MemberSeen, Long> told;

    private final Cache<GroupClient, Boolean> members;
    private final Cache<String, Boolean> memberIds;
    /** A group that a client is in; its group field is empty in the key. */
    private final Cache<GroupClient, String> groups;
    /** When a client was first asked for that nobody had seen. */
    private final Cache<GroupClient, Long> missedSince;

    private final BlockingQueue<MemberSeen> untold = new LinkedBlockingQueue<>(UNTOLD_MAX);
    private volatile Optional<Long> readUntilNanos = Optional.empty();

    /**
     * Begins; nothing is known.
     *
     * @param grace how long a client is waited for before it is absent
     * @param news called when a client is seen that was not known: what waits for it can perhaps go on. On any thread
     */
    public RollCall(Duration grace, Runnable news) {
        this(grace, news, Ticker.systemTicker());
    }

    RollCall(Duration grace, Runnable news, Ticker ticker) {
        this.graceNanos = grace.toNanos();
        this.news = news;
        this.ticker = ticker;
        this.told = kept(ticker);
        this.members = kept(ticker);
        this.memberIds = kept(ticker);
        this.groups = kept(ticker);
        this.missedSince = Caffeine.newBuilder()
                .maximumSize(CLIENTS_MAX)
                .expireAfterAccess(ABSENCE_KEPT)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static <K, V> Cache<K, V> kept(Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(CLIENTS_MAX)
                .expireAfterWrite(KEPT.plusNanos(TELL_AGAIN_NANOS))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** A client says here that it is in a group. */
    public void seen(MemberSeen sign) {
        Long last = told.getIfPresent(sign);
        long now = ticker.read();
        if (last != null && now - last < TELL_AGAIN_NANOS) {
            return;
        }
        boolean tells = untold.offer(sign);
        note(sign, tells ? now : now - TELL_AGAIN_NANOS);
    }

    /** Another proxy, or this one, has told of a sign. */
    public void heard(MemberSeen sign) {
        note(sign, ticker.read());
    }

    private void note(MemberSeen sign, long toldNanos) {
        GroupClient client = sign.client();
        told.put(sign, toldNanos);
        boolean isNew = members.getIfPresent(client) == null;
        members.put(client, true);
        if (!sign.memberId().isEmpty()) {
            memberIds.put(sign.memberId(), true);
        }
        groups.put(anyGroup(client), client.group());
        missedSince.invalidate(client);
        if (isNew) {
            news.run();
        }
    }

    /** What others are to be told, once each. */
    public List<MemberSeen> untold() {
        List<MemberSeen> signs = new ArrayList<>();
        untold.drainTo(signs);
        return signs;
    }

    /** Others could not be told: that is tried again with the next such sign. */
    public void failed(MemberSeen sign) {
        long before = ticker.read() - TELL_AGAIN_NANOS;
        told.asMap().computeIfPresent(sign, (same, last) -> before);
    }

    /**
     * All has been heard that anybody had told when this clock showed that.
     *
     * @param nanos {@link System#nanoTime}
     */
    public void readUntil(long nanos) {
        readUntilNanos = Optional.of(nanos);
    }

    /** Whether a client that reads is in a group. */
    public Standing of(GroupClient client) {
        return members.getIfPresent(client) == null ? missed(client) : Standing.MEMBER;
    }

    /** Whether a member that brokers have in a group was seen by a proxy. */
    public Standing ofMember(String memberId) {
        return memberIds.getIfPresent(memberId) == null ? missed(new GroupClient("", memberId, "")) : Standing.MEMBER;
    }

    private Standing missed(GroupClient client) {
        long since = missedSince.get(client, absent -> ticker.read());
        Optional<Long> until = readUntilNanos;
        return until.isPresent() && until.get() - since >= graceNanos
                ? new Standing.Absent(Optional.ofNullable(groups.getIfPresent(anyGroup(client))))
                : Standing.AWAITED;
    }

    private static GroupClient anyGroup(GroupClient client) {
        return new GroupClient(client.service(), client.clientId(), "");
    }
}
