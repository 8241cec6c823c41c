package dev.weir.proxy.audit;

import org.jspecify.annotations.Nullable;

/**
 * The audit of one proxy. Rounds of event loops and what happens elsewhere come together here, on any thread; one thread
 * takes them out, writes them as lines, and sends them on. Bounded while nobody takes them.
 */
public final class AuditTrail {
    private final @Nullable AuditLines lines;
    private AuditRound collected = new AuditRound();
    /** Written, and not yet sent; the taking thread's. */
    private AuditRound unsent = new AuditRound();

    /** @param lines where each round is also written, or {@code null} for nowhere */
    public AuditTrail(@Nullable AuditLines lines) {
        this.lines = lines;
    }

    /** Something happened, on any thread. */
    public synchronized void add(AuditEvent event, long atMillis) {
        collected.add(event, atMillis);
    }

    /** Takes the round of an event loop over, once a second. */
    public synchronized void add(AuditRound round) {
        if (!round.isEmpty()) {
            collected.add(round);
        }
    }

    private synchronized AuditRound collected() {
        AuditRound round = collected;
        collected = new AuditRound();
        return round;
    }

    /** Writes what has come together. The taking thread only. */
    public void write() {
        AuditRound round = collected();
        if (lines != null && !round.isEmpty()) {
            lines.write(round);
        }
        unsent.add(round);
    }

    /** What was written and is to be sent; it is the caller's now. The taking thread only. */
    public AuditRound take() {
        AuditRound round = unsent;
        unsent = new AuditRound();
        return round;
    }

    /** Writes what is left, and closes the lines. The taking thread only. */
    public void end() {
        write();
        if (lines != null) {
            lines.close();
        }
    }
}
