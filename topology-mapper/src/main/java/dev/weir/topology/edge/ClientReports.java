package dev.weir.topology.edge;

import dev.weir.mesh.report.v1.Client;
import dev.weir.topology.state.v1.ClientRecord;
import dev.weir.topology.stream.Hash64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Clients that were seen lately, and which of them have to be told to the view: new ones at once, others once a minute.
 * Nothing is lost when it is forgotten. Of one thread.
 */
final class ClientReports {
    private static final int CLIENTS_MAX = 20_000;
    private static final long TELL_EVERY_MILLIS = 60_000;

    private static final class Row {
        private final ClientRecord.Builder record;
        private long toldMillis;

        Row(String cluster, Client client) {
            record = ClientRecord.newBuilder().setCluster(cluster).setClient(client);
        }
    }

    private final Map<Long, Row> rows = new HashMap<>();
    private final Set<Long> toTell = new HashSet<>();
    private long sweptMillis;

    void seen(String cluster, Client client, long millis) {
        long hash = hash(cluster, client);
        Row row = rows.get(hash);
        if (row == null) {
            if (rows.size() >= CLIENTS_MAX) {
                return;
            }
            row = new Row(cluster, client);
            rows.put(hash, row);
        }
        row.record.setLastSeenMillis(Math.max(row.record.getLastSeenMillis(), millis));
        if (row.record.getLastSeenMillis() - row.toldMillis >= TELL_EVERY_MILLIS) {
            row.toldMillis = row.record.getLastSeenMillis();
            toTell.add(hash);
        }
    }

    private static long hash(String cluster, Client client) {
        return new Hash64().add(cluster).add(client).value();
    }

    /** What has to be told now, by hash. */
    Map<Long, ClientRecord> changed(long nowMillis) {
        if (nowMillis - sweptMillis >= TELL_EVERY_MILLIS) {
            sweptMillis = nowMillis;
            rows.values().removeIf(row -> row.record.getLastSeenMillis() < nowMillis - 2 * TELL_EVERY_MILLIS);
        }
        Map<Long, ClientRecord> changed = new HashMap<>();
        for (long hash : toTell) {
            Row row = rows.get(hash);
            if (row != null) {
                changed.put(hash, row.record.build());
            }
        }
        toTell.clear();
        return changed;
    }
}
