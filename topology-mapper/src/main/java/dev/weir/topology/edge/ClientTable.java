package dev.weir.topology.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.Client;
import dev.weir.topology.state.v1.ClientRecord;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.view.ServiceView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clients that were seen within a day, as many as {@link #CLIENTS_MAX}. */
public final class ClientTable implements ViewPart {
    private static final int CLIENTS_MAX = 50_000;
    private static final long KEEP_MILLIS = 25 * 3_600_000L;
    private static final long SWEEP_MILLIS = 60_000;

    private final Map<Long, ClientRecord> clients = new HashMap<>();
    private long sweptMillis;

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.CLIENT);
    }

    @Override
    public void accept(RecordKind kind, byte[] key, byte @Nullable [] value) {
        long id = Hash64.ofKey(key);
        if (value == null) {
            clients.remove(id);
            return;
        }
        if (clients.size() >= CLIENTS_MAX && !clients.containsKey(id)) {
            return;
        }
        try {
            ClientRecord record = ClientRecord.parseFrom(value);
            clients.merge(id, record, (a, b) -> a.getLastSeenMillis() > b.getLastSeenMillis() ? a : b);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a client that was written by this program", e);
        }
    }

    @Override
    public void tick(long nowMillis) {
        if (nowMillis - sweptMillis >= SWEEP_MILLIS) {
            sweptMillis = nowMillis;
            clients.values().removeIf(client -> client.getLastSeenMillis() < nowMillis - KEEP_MILLIS);
        }
    }

    /** Clients of a service, or of a principal without one; the newest first. */
    public List<ServiceView.Client> of(String name) {
        return clients.values().stream()
                .filter(record -> name.equals(
                        record.getClient().getService().isEmpty()
                                ? record.getClient().getPrincipal()
                                : record.getClient().getService()))
                .sorted(Comparator.comparingLong(ClientRecord::getLastSeenMillis)
                        .reversed())
                .map(ClientTable::view)
                .toList();
    }

    private static ServiceView.Client view(ClientRecord record) {
        Client client = record.getClient();
        return new ServiceView.Client(
                client.getClientId(),
                client.getVersion(),
                client.getPrincipal(),
                client.getMechanism(),
                client.getTls(),
                (client.getSoftwareName() + ' ' + client.getSoftwareVersion()).trim(),
                client.getSource(),
                client.getListener(),
                record.getLastSeenMillis());
    }
}
