package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What one listener counts of signatures of fetched records. Any thread; once per batch and kind of record in it. */
public final class VerificationMetrics {
    private static final String GENUINE = "genuine";

    private final ProxyMetrics metrics;
    private final String listener;
    private final Map<Key, LongAdder> cells = new ConcurrentHashMap<>();

    private record Key(String topic, String result, String action) {}

    VerificationMetrics(ProxyMetrics metrics, String listener) {
        this.metrics = metrics;
        this.listener = listener;
    }

    /**
     * Records of a batch were verified.
     *
     * @param why they prove nothing, or {@code null} for those that are genuine
     * @param action what is done with those that prove nothing: {@code observe}, {@code strip}, {@code refuse}
     */
    public void verified(String topic, @Nullable Unverified why, Enum<?> action, int records) {
        Key key = new Key(topic, why == null ? GENUINE : why.word(), AttributeNames.valueOf(action));
        LongAdder counter = cells.get(key);
        if (counter == null) {
            counter = metrics.verificationRecords.cell(Attributes.of(
                    AttributeNames.LISTENER,
                    listener,
                    AttributeNames.TOPIC,
                    topic,
                    AttributeNames.RESULT,
                    key.result,
                    AttributeNames.ACTION,
                    key.action));
            if (cells.size() < ProxyMetrics.SERVICE_CELLS_MAX) {
                cells.put(key, counter);
            }
        }
        counter.add(records);
    }

    /** Records of a topic, whatever was done; {@code null} for the genuine ones. */
    public long records(String topic, @Nullable Unverified why) {
        String result = why == null ? GENUINE : why.word();
        return cells.entrySet().stream()
                .filter(entry -> entry.getKey().topic.equals(topic)
                        && entry.getKey().result.equals(result))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }
}
