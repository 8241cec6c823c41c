package dev.weir.mesh.report;

import java.nio.charset.StandardCharsets;

/**
 * Keys of report records: UTF-8, the parts separated by a NUL, which no name of Kafka's may hold. Flows are keyed by
 * topic and progress by partition, so that one task of the topology has all that it needs of each.
 */
public final class ReportKeys {
    private static final char SEPARATOR = '\0';

    private ReportKeys() {}

    public static byte[] flow(String cluster, String topic) {
        return utf8(cluster + SEPARATOR + topic);
    }

    public static byte[] progress(String cluster, String topic, int partition) {
        return utf8(cluster + SEPARATOR + topic + SEPARATOR + partition);
    }

    public static byte[] membership(String cluster, String group) {
        return utf8(cluster + SEPARATOR + group);
    }

    public static byte[] audit(String cluster) {
        return utf8(cluster);
    }

    public static byte[] proxy(String proxy) {
        return utf8(proxy);
    }

    private static byte[] utf8(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
