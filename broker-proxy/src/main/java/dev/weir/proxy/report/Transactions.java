package dev.weir.proxy.report;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Offsets that were committed in transactions which have not ended: they count once the transaction is committed
 * (KIP-98). The coordinators of a group and of a transaction are reached on different connections. Any thread; bounded,
 * and what does not end is forgotten.
 */
final class Transactions {
    private static final int TRANSACTIONS_MAX = 10_000;
    private static final int COMMITS_MAX = 1_000;
    private static final long FORGET_MILLIS = 3_600_000;

    private record Key(String cluster, String transactionalId) {}

    /** An offset that waits for the end of its transaction. */
    record HeldCommit(Events.CommitKey key, long offset, ReportedClient client, String member) {}

    private record Held(long sinceMillis, List<HeldCommit> commits) {}

    private final Map<Key, Held> held = new ConcurrentHashMap<>();

    void hold(String cluster, String transactionalId, HeldCommit commit, long nowMillis) {
        if (held.size() >= TRANSACTIONS_MAX) {
            held.values().removeIf(old -> nowMillis - old.sinceMillis > FORGET_MILLIS);
            if (held.size() >= TRANSACTIONS_MAX) {
                return;
            }
        }
        Held of = held.computeIfAbsent(
                new Key(cluster, transactionalId), absent -> new Held(nowMillis, new CopyOnWriteArrayList<>()));
        if (of.commits.size() < COMMITS_MAX) {
            of.commits.add(commit);
        }
    }

    /** The transaction has ended, or a new one begins: gives what it committed, if that is what it did. */
    List<HeldCommit> end(String cluster, String transactionalId) {
        Held of = held.remove(new Key(cluster, transactionalId));
        return of == null ? List.of() : of.commits;
    }
}
