package dev.weir.bench.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The mirror of a Weir, as its {@code /status} shows it. */
final class Mirror {
    private static final long SETTLE_SECONDS_MAX = 120;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ObjectMapper mapper = new ObjectMapper();
    private final URL status;

    /** @param adminPort of the Weir, on 127.0.0.1 */
    Mirror(int adminPort) {
        try {
            status = URI.create("http://127.0.0.1:" + adminPort + "/status").toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Its ledger, in records since start.
     *
     * @param inFlight to be mirrored, and not yet
     */
    record Ledger(long eligible, long mirrored, long dropped, long inFlight) {
        static final Ledger NONE = new Ledger(0, 0, 0, 0);

        /** What happened since an earlier one; of {@code inFlight} what there is now. */
        Ledger since(Ledger before) {
            return new Ledger(
                    eligible - before.eligible, mirrored - before.mirrored, dropped - before.dropped, inFlight);
        }

        double mirroredShare() {
            return mirrored / (double) eligible;
        }

        double droppedShare() {
            return dropped / (double) eligible;
        }
    }

    /** The ledger now. */
    Ledger ledger() {
        try {
            JsonNode mirror = mapper.readTree(status).path("mirrors").path(0);
            return new Ledger(
                    records(mirror, "eligible"),
                    records(mirror, "mirrored"),
                    records(mirror, "dropped"),
                    records(mirror, "inFlight"));
        } catch (IOException e) {
            throw new UncheckedIOException("no status from " + status, e);
        }
    }

    private static long records(JsonNode mirror, String what) {
        return mirror.path(what).path("records").asLong();
    }

    /** The ledger once nothing is on its way. */
    Ledger settled() {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS_MAX);
        for (Ledger now = ledger(); ; now = ledger()) {
            if (now.inFlight == 0) {
                return now;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException(now.inFlight + " records are still to be mirrored");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
