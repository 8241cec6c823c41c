package dev.weir.topology.stream;

import dev.weir.mesh.report.ReportTopic;
import java.util.Map;

/**
 * {@code _weir-topology}: the aggregated result, read whole by every instance. The latest record of a key counts.
 *
 * <p>It is compacted, and what was not written for {@link #KEEP_MILLIS} is deleted, so that nobody has to remember which
 * keys there are in order to remove them. Whoever has something to say that lives longer writes it again within that
 * time; once in {@link #REFRESH_MILLIS} is right.
 */
public final class StateTopic {
    public static final String NAME = "_weir-topology";
    public static final long KEEP_MILLIS = 50L * 3_600_000;
    public static final long REFRESH_MILLIS = 12L * 3_600_000;

    static final int PARTITIONS = ReportTopic.PARTITIONS;

    /** Small segments that are cleaned soon: what is in the topic is what has to be read at the start. */
    static final Map<String, String> SETTINGS = Map.of(
            "cleanup.policy", "compact,delete",
            "retention.ms", Long.toString(KEEP_MILLIS),
            "segment.ms", "600000",
            "segment.bytes", "33554432",
            "min.cleanable.dirty.ratio", "0.2",
            "delete.retention.ms", "3600000",
            "compression.type", "producer");

    private StateTopic() {}
}
