package dev.weir.proxy.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which group a client reads in. A fetch does not say: it is known from what the same client says to the coordinator of
 * its group, on another connection and perhaps another event loop. Any thread; bounded, and what is not heard of for a
 * while is forgotten.
 */
final class Groups {
    private static final int CLIENTS_MAX = 50_000;
    private static final int GROUPS_PER_CLIENT_MAX = 16;
    private static final int TOPICS_MAX = 10_000;
    private static final long FORGET_MILLIS = 600_000;

    /** What is the same on all connections of one client. */
    private record Client(String cluster, String principal, String clientId, String source) {
        static Client of(ReportedClient client) {
            return new Client(client.cluster(), client.principal(), client.clientId(), client.source());
        }
    }

    /** One group of a client. Guarded by its client's list. */
    private static final class Claim {
        private final String group;
        private final Set<String> topics = new HashSet<>(4);
        private long seenMillis;

        Claim(String group) {
            this.group = group;
        }
    }

    private final Map<Client, List<Claim>> claims = new ConcurrentHashMap<>();

    /**
     * The client is in the group.
     *
     * @param topics that it reads there, as far as is known; they add up
     */
    void seen(ReportedClient client, String group, Iterable<String> topics, long nowMillis) {
        Client key = Client.of(client);
        if (claims.size() >= CLIENTS_MAX && !claims.containsKey(key)) {
            forgetOld(nowMillis);
            if (claims.size() >= CLIENTS_MAX) {
                return;
            }
        }
        List<Claim> of = claims.computeIfAbsent(key, absent -> new ArrayList<>(1));
        synchronized (of) {
            of.removeIf(claim -> nowMillis - claim.seenMillis > FORGET_MILLIS);
            Claim claim = find(of, group);
            if (claim == null) {
                if (of.size() >= GROUPS_PER_CLIENT_MAX) {
                    return;
                }
                claim = new Claim(group);
                of.add(claim);
            }
            claim.seenMillis = nowMillis;
            for (String topic : topics) {
                if (claim.topics.size() < TOPICS_MAX) {
                    claim.topics.add(topic);
                }
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Claim find(List<Claim> of, String group) {
        for (Claim claim : of) {
            if (claim.group.equals(group)) {
                return claim;
            }
        }
        return null;
    }

    /**
     * The group that the client reads a topic in; empty when none is known. Of several, the one that is known to have
     * the topic, and of several such the one that was heard of last.
     */
    String of(ReportedClient client, String topic) {
        List<Claim> of = claims.get(Client.of(client));
        if (of == null) {
            return "";
        }
        synchronized (of) {
            Claim best = null;
            for (Claim claim : of) {
                if (claim.topics.contains(topic) && (best == null || claim.seenMillis > best.seenMillis)) {
                    best = claim;
                }
            }
            return best != null
                    ? best.group
                    : of.size() == 1 && of.get(0).topics.isEmpty() ? of.get(0).group : "";
        }
    }

    private void forgetOld(long nowMillis) {
        claims.values().removeIf(of -> {
            synchronized (of) {
                of.removeIf(claim -> nowMillis - claim.seenMillis > FORGET_MILLIS);
                return of.isEmpty();
            }
        });
    }
}
