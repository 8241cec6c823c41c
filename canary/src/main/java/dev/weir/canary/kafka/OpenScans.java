package dev.weir.canary.kafka;

import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import java.util.HashMap;
import java.util.Map;

/** The scans of all canaries that wait for a side, each with two consumers, which are closed when nothing is waited for any more. One thread. */
final class OpenScans implements AutoCloseable {
    private final ClientSettings clients;
    private final Map<String, FenceScans> scans = new HashMap<>();

    OpenScans(ClientSettings clients) {
        this.clients = clients;
    }

    FenceScans of(String canary) {
        return scans.computeIfAbsent(canary, made -> new FenceScans(clients));
    }

    /**
     * An event of a canary is in the log.
     *
     * @param state with it
     */
    void written(ChangeEvent.OfCanary event, CanaryState state) {
        boolean ends = event instanceof ChangeEvent.HandedOver || event instanceof ChangeEvent.Drained;
        if (ends && !state.isWaitedFor()) {
            FenceScans over = scans.remove(event.canary());
            if (over != null) {
                over.close();
            }
        }
    }

    /** Of how many canaries something is kept open. */
    int size() {
        return scans.size();
    }

    @Override
    public void close() {
        scans.values().forEach(FenceScans::close);
        scans.clear();
    }
}
