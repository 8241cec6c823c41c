package dev.weir.topology.view;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One client service (version, group) and one topic, in the direction in which records flow: a producer's edge goes
 * from the service to the topic, a consumer's from the topic to the service.
 *
 * @param id unique and stable
 * @param from id of a node
 * @param to id of a node
 * @param version of the service; empty when it has none
 * @param group consumer or share group; empty for producers and for consumers without one
 * @param recordsPerSecond over the window, as the three after it
 * @param records in the window, as the counts after it
 * @param recordsUnacknowledged produced with acks=0
 * @param recordsTotal since the edge was first seen
 * @param errors in the window, by Kafka's name of the error
 * @param latency from request to response of produce requests
 * @param lagRecords of the group on the topic, data records not yet committed; -1 without a group
 * @param lagMillis time lag of the group on the topic; -1 without a group or when it is not known
 * @param tls whether all its connections are encrypted
 * @param mechanism how its clients authenticate
 * @param allowed whether policy allows it now; it is {@code UNKNOWN} where no policy was given to the topology
 * @param checked what a producer's records were held against a schema, in the window
 */
public record Edge(
        String id,
        String from,
        String to,
        Operation operation,
        String version,
        String group,
        double recordsPerSecond,
        double bytesPerSecond,
        double errorsPerSecond,
        double deniedPerSecond,
        double dryRunDeniedPerSecond,
        long records,
        long recordsUnacknowledged,
        long denied,
        long dryRunDenied,
        long recordsTotal,
        Map<String, Long> errors,
        Latency latency,
        long lagRecords,
        long lagMillis,
        long firstSeenMillis,
        long lastSeenMillis,
        boolean tls,
        String mechanism,
        Status status,
        Allowed allowed,
        Checked checked) {

    public Edge {
        errors = Map.copyOf(errors);
    }

    /**
     * Records that were held against the schema of their topic, whether they went on or not.
     *
     * @param checked how many
     * @param invalid how many of them were something else
     * @param validShare 0 to 1; -1 where none was
     * @param reasons the invalid ones by what is wrong with them, such as {@code trailing-bytes}; proxies of before do not say it, so
     *     they may be fewer. Beside them {@code registry-down}: such as cannot be judged, each time that they come
     */
    public record Checked(long checked, long invalid, double validShare, Map<String, Long> reasons) {
        public static final Checked NONE = new Checked(0, 0, -1, Map.of());

        public Checked {
            Map<String, Long> said = Objects.requireNonNullElse(reasons, Map.of()); // a Weir of before does not say it
            reasons = Collections.unmodifiableMap(new TreeMap<>(said));
        }

        public static Checked of(long checked, long invalid, Map<String, Long> reasons) {
            return checked == 0 && reasons.isEmpty()
                    ? NONE
                    : new Checked(checked, invalid, checked == 0 ? -1 : 1 - invalid / (double) checked, reasons);
        }

        /** Whether some were something else, or cannot be judged. */
        public boolean troubled() {
            return invalid > 0 || !reasons.isEmpty();
        }

        public Checked and(Checked other) {
            Map<String, Long> both = new TreeMap<>(reasons);
            other.reasons.forEach((reason, count) -> both.merge(reason, count, Long::sum));
            return of(checked + other.checked, invalid + other.invalid, both);
        }
    }

    public enum Operation {
        PRODUCE,
        CONSUME
    }

    public enum Status {
        FLOWING,
        /** Nothing in the window. */
        IDLE,
        /** It tries, and policy denies all of it. */
        DENIED,
        /** Policy would deny it if it were in force. */
        DRY_RUN_DENIED,
        /** Nothing gets through: brokers answer errors, or no record is what its schema says, or can be judged. */
        FAILING
    }

    public enum Allowed {
        YES,
        NO,
        UNKNOWN
    }

    /** Quantiles in milliseconds over the window; all -1 where nothing was measured. */
    public record Latency(double p50, double p95, double p99) {
        public static final Latency UNKNOWN = new Latency(-1, -1, -1);
    }
}
