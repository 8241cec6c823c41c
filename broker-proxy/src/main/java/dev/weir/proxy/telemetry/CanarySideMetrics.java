package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What becomes of what one side of a canary fetches. Any thread; added to once for each answer. */
public final class CanarySideMetrics {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Attributes attributes;
    private final LongAdder given = new LongAdder();
    private final LongAdder takenOut = new LongAdder();
    private final LongAdder waiting = new LongAdder();
    private final ReasonCounters<CanaryHold> held =
            new ReasonCounters<>(CanaryHold.values(), reason -> new LongAdder());
    private final ReasonCounters<CanaryHold> heldNanos =
            new ReasonCounters<>(CanaryHold.values(), reason -> new LongAdder());
    private final ReasonCounters<CanaryRefusal> refused =
            new ReasonCounters<>(CanaryRefusal.values(), reason -> new LongAdder());

    CanarySideMetrics(Attributes attributes) {
        this.attributes = attributes;
    }

    /**
     * Records of an answer.
     *
     * @param others that the other side owns
     * @param wait for the other side to hand over; they are fetched again
     */
    public void records(long own, long others, long wait) {
        given.add(own);
        takenOut.add(others);
        waiting.add(wait);
    }

    /** An answer brought less than it could, or came later. */
    public void held(CanaryHold reason, long nanos) {
        held.increment(reason);
        heldNanos.add(reason, nanos);
    }

    /** A partition was answered with an error. */
    public void refused(CanaryRefusal reason) {
        refused.increment(reason);
    }

    public long given() {
        return given.sum();
    }

    public long takenOut() {
        return takenOut.sum();
    }

    public long waiting() {
        return waiting.sum();
    }

    public long held(CanaryHold reason) {
        return held.count(reason);
    }

    public long refusals(CanaryRefusal reason) {
        return refused.count(reason);
    }

    void collectRecords(ObservableLongMeasurement measurement) {
        measurement.record(given.sum(), with(AttributeNames.OUTCOME, "given"));
        measurement.record(takenOut.sum(), with(AttributeNames.OUTCOME, "taken-out"));
        measurement.record(waiting.sum(), with(AttributeNames.OUTCOME, "waiting"));
    }

    void collectHeld(ObservableLongMeasurement measurement) {
        for (CanaryHold reason : CanaryHold.values()) {
            measurement.record(held.count(reason), reason(reason));
        }
    }

    void collectHeldTime(ObservableDoubleMeasurement measurement) {
        for (CanaryHold reason : CanaryHold.values()) {
            measurement.record(heldNanos.count(reason) / NANOS_PER_SECOND, reason(reason));
        }
    }

    void collectRefused(ObservableLongMeasurement measurement) {
        for (CanaryRefusal reason : CanaryRefusal.values()) {
            measurement.record(refused.count(reason), reason(reason));
        }
    }

    private Attributes reason(Enum<?> reason) {
        return with(AttributeNames.REASON, AttributeNames.valueOf(reason));
    }

    private Attributes with(AttributeKey<String> key, String value) {
        return attributes.toBuilder().put(key, value).build();
    }
}
