package dev.weir.proxy.telemetry;

/** Why a report was given up. */
public enum ReportDrop {
    /** More distinct flows, partitions or events in one round than there is room for. */
    LIMIT,
    /** The reporter was behind: Kafka has not taken reports for a while. */
    BEHIND,
    /** Kafka refused it, or did not take it in time. */
    KAFKA;

    String attribute() {
        return AttributeNames.valueOf(this);
    }
}
