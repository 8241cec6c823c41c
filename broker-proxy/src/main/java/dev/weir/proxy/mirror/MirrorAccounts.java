package dev.weir.proxy.mirror;

import dev.weir.proxy.mirror.MirrorAccount.Delivery;
import dev.weir.proxy.mirror.MirrorAccount.LastError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ledgers of all mirrors, one for each topic that one of them takes from. Any thread. */
final class MirrorAccounts {
    /** Beyond these, all topics that come are one for each mirror. */
    private static final int ROUTES_MAX = 2_000;
    /** All routes are told in one record, for which brokers have a limit. */
    private static final long NAMES_BYTES_MAX = 256 << 10;
    /** Beyond these, all mirrors that come are one. */
    private static final int ACCOUNTS_MAX = ROUTES_MAX + 1_000;

    /** After its last batch a copy may be on its way for a while. */
    private static final long UNTOLD_STAYS_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final String OTHERS = "others";

    private final Map<MirrorRoute, MirrorAccount> accounts = new ConcurrentHashMap<>();
    /** When there last was a batch for a cluster of a route that is not told apart. */
    private final Map<String, Long> untoldNanos = new ConcurrentHashMap<>();

    private final AtomicLong namesBytes = new AtomicLong();

    /**
     * What there is to say of one mirror.
     *
     * @param delivery the last that arrived; {@code null} before the first
     * @param lastError {@code null} when all arrived
     * @param untold whether some of its topics are too many to be told apart
     */
    record Summary(
            MirrorLedger ledger,
            @Nullable Delivery delivery,
            @Nullable LastError lastError,
            boolean untold) {
        static final Summary EMPTY = new Summary(MirrorLedger.EMPTY, null, null, false);

        long delayMillis() {
            return delivery == null ? 0 : delivery.delayMillis();
        }

        private Summary and(MirrorAccount account) {
            Delivery other = account.delivery();
            LastError error = account.lastError();
            return new Summary(
                    ledger.and(account.ledger()),
                    delivery == null || (other != null && other.atNanos() - delivery.atNanos() > 0) ? other : delivery,
                    lastError == null || (error != null && error.at().isAfter(lastError.at())) ? error : lastError,
                    untold || account.isOfAll());
        }
    }

    MirrorAccount of(MirrorRoute route) {
        MirrorAccount known = accounts.get(route);
        if (known != null) {
            return known;
        }
        int size = accounts.size();
        if (size < ROUTES_MAX && namesBytes.get() + route.namesBytes() <= NAMES_BYTES_MAX) {
            return accounts.computeIfAbsent(route, this::told);
        }
        untoldNanos.put(route.targetCluster(), System.nanoTime());
        return accounts.computeIfAbsent(
                MirrorRoute.ofAll(size < ACCOUNTS_MAX ? route.mirror() : OTHERS), MirrorAccount::new);
    }

    private MirrorAccount told(MirrorRoute route) {
        namesBytes.addAndGet(route.namesBytes());
        return new MirrorAccount(route);
    }

    /** Where copies went to lately from topics that are not told apart, by name. */
    List<String> untoldClusters() {
        long nowNanos = System.nanoTime();
        untoldNanos.values().removeIf(last -> nowNanos - last > UNTOLD_STAYS_NANOS);
        return untoldNanos.keySet().stream().sorted().toList();
    }

    /** All mirrors that had something to do, by name. */
    Map<String, Summary> byMirror() {
        Map<String, Summary> summaries = new TreeMap<>();
        accounts.forEach((route, account) -> summaries.put(
                route.mirror(),
                summaries.getOrDefault(route.mirror(), Summary.EMPTY).and(account)));
        return summaries;
    }

    /**
     * What is told apart by topic. What is here once is here for as long as the proxy runs.
     *
     * @param inForce whether policy has a route now
     */
    List<MirrorFlow> flows(Predicate<MirrorRoute> inForce) {
        List<MirrorFlow> flows = new ArrayList<>(accounts.size());
        accounts.forEach((route, account) -> {
            if (!route.isOfAll()) {
                LastError error = account.lastError();
                flows.add(new MirrorFlow(
                        route,
                        account.ledger(),
                        inForce.test(route),
                        error == null ? null : error.words(),
                        error == null ? null : error.at()));
            }
        });
        return flows;
    }
}
