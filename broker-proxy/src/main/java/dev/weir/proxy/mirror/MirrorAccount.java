package dev.weir.proxy.mirror;

import dev.weir.mesh.log.Repetition;
import dev.weir.proxy.mirror.MirrorLedger.Outcome;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ledger of one mirror and topic, and why something went wrong last. Any thread; nobody waits. */
final class MirrorAccount {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorAccount.class);
    private static final int REASONS_MAX = 16;

    private final MirrorRoute route;
    private final AtomicReference<MirrorLedger> ledger = new AtomicReference<>(MirrorLedger.EMPTY);
    private final Repetition reasons = new Repetition(REASONS_MAX);
    private volatile @Nullable LastError lastError;
    private volatile @Nullable Delivery delivery;

    /**
     * Why something went wrong.
     *
     * @param words for the operator of Weir
     */
    record LastError(String words, Instant at) {}

    /**
     * A batch arrived.
     *
     * @param delayMillis how long after its acknowledgement
     */
    record Delivery(long atNanos, long delayMillis) {}

    MirrorAccount(MirrorRoute route) {
        this.route = route;
    }

    boolean isOfAll() {
        return route.isOfAll();
    }

    MirrorLedger ledger() {
        return Objects.requireNonNull(ledger.get());
    }

    @Nullable
    LastError lastError() {
        return lastError;
    }

    /** The last; {@code null} before the first. */
    @Nullable
    Delivery delivery() {
        return delivery;
    }

    void begun(Amount amount) {
        ledger.updateAndGet(now -> now.begun(amount));
    }

    void mirrored(Amount amount, long millis) {
        delivery = new Delivery(System.nanoTime(), millis);
        ledger.updateAndGet(now -> now.ended(amount, Outcome.MIRRORED));
    }

    /** @param begun whether it was in flight */
    void dropped(Amount amount, boolean begun, String words) {
        ended(amount, begun, Outcome.DROPPED, words);
    }

    /** @param begun whether it was in flight */
    void failed(Amount amount, boolean begun, String words) {
        ended(amount, begun, Outcome.FAILED, words);
    }

    private void ended(Amount amount, boolean begun, Outcome outcome, String words) {
        ledger.updateAndGet(now -> (begun ? now : now.begun(amount)).ended(amount, outcome));
        lastError = new LastError(words, Instant.now());
        if (reasons.isNews(words)) {
            LOG.atWarn()
                    .addKeyValue("mirror", route.mirror())
                    .addKeyValue("topic", route.topic())
                    .addKeyValue("reason", words)
                    .log("records are not mirrored");
        }
    }

    /** It does not take records of transactions. */
    void refused(Amount amount) {
        ledger.updateAndGet(now -> now.refused(amount));
    }
}
