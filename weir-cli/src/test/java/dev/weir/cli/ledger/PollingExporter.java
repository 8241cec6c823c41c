package dev.weir.cli.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The way of lag exporters: ask for the end of the log every few seconds, keep these points, and find the time of the
 * committed offset on the line between them, or on the line through the last two where it is beyond.
 */
final class PollingExporter {
    private static final int POINTS_MAX = 60;

    private final Admin admin;
    private final TopicPartition partition;
    private final String group;
    private final List<long[]> points = new ArrayList<>();
    private volatile long lagMillis = -1;

    PollingExporter(Admin admin, String topic, String group) {
        this.admin = admin;
        this.partition = new TopicPartition(topic, 0);
        this.group = group;
    }

    /** What it shows until it polls again; -1 while it cannot say. */
    long lagMillis() {
        return lagMillis;
    }

    void poll() throws Exception {
        long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
        long now = System.currentTimeMillis();
        OffsetAndMetadata committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        if (!points.isEmpty() && points.get(points.size() - 1)[0] == end) {
            points.get(points.size() - 1)[1] = now;
        } else {
            points.add(new long[] {end, now});
            if (points.size() > POINTS_MAX) {
                points.remove(0);
            }
        }
        if (committed != null) {
            lagMillis = committed.offset() >= end ? 0 : lag(committed.offset(), now);
        }
    }

    private long lag(long offset, long now) {
        if (points.size() < 2) {
            return -1;
        }
        int i = 1;
        while (i < points.size() - 1 && points.get(i)[0] < offset) {
            i++;
        }
        long[] left = points.get(i - 1);
        long[] right = points.get(i);
        double time = left[1] + (double) (offset - left[0]) * (right[1] - left[1]) / (right[0] - left[0]);
        return Math.max(0, Math.round(now - time));
    }
}
