package dev.weir.proxy.mirror;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * What a mirror takes from one topic, and where it brings it.
 *
 * @param mirror of policy
 * @param cluster that clients write to
 * @param topic that they write to; empty for all that are too many to be told apart
 * @param targetCluster that copies go to
 * @param targetTopic that copies go to
 */
public record MirrorRoute(String mirror, String cluster, String topic, String targetCluster, String targetTopic) {

    /** Of all topics of a mirror together. */
    static MirrorRoute ofAll(String mirror) {
        return new MirrorRoute(mirror, "", "", "", "");
    }

    /** What its names take in a report, in bytes of UTF-8. */
    long namesBytes() {
        return Stream.of(mirror, cluster, topic, targetCluster, targetTopic)
                .mapToLong(name -> name.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    boolean isOfAll() {
        return topic.isEmpty();
    }
}
