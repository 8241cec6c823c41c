package dev.weir.mesh.report;

import java.util.List;
import java.util.Map;

/**
 * The topics that hold reports, and how they are created on first start. Topics of one cluster of proxies: all are
 * partitioned by the key alone, with Kafka's default partitioner.
 */
public enum ReportTopic {
    FLOWS("_weir-flows", Keep.DAY),
    PROGRESS("_weir-progress", Keep.DAY),
    MEMBERSHIPS("_weir-memberships", Keep.DAY),
    AUDIT("_weir-audit", Keep.WEEK),
    PROXIES("_weir-proxies", Keep.LATEST);

    /** All report topics have as many, so that what is keyed alike is found together. */
    public static final int PARTITIONS = 6;

    private enum Keep {
        DAY,
        WEEK,
        LATEST
    }

    private final String topicName;
    private final Keep keep;

    ReportTopic(String topicName, Keep keep) {
        this.topicName = topicName;
        this.keep = keep;
    }

    public String topicName() {
        return topicName;
    }

    /** Topic settings as Kafka names them. */
    public Map<String, String> settings() {
        return switch (keep) {
            case DAY -> Map.of("cleanup.policy", "delete", "retention.ms", "86400000", "compression.type", "producer");
            case WEEK ->
                Map.of("cleanup.policy", "delete", "retention.ms", "604800000", "compression.type", "producer");
            case LATEST -> Map.of("cleanup.policy", "compact", "compression.type", "producer");
        };
    }

    public static List<ReportTopic> all() {
        return List.of(values());
    }
}
