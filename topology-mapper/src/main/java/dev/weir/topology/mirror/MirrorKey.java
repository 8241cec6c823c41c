package dev.weir.topology.mirror;

import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.stream.Hash64;

/**
 * What makes an edge of a mirror.
 *
 * @param mirror its name in policy
 * @param cluster that clients write to
 * @param targetCluster that copies go to
 */
public record MirrorKey(String mirror, String cluster, String topic, String targetCluster, String targetTopic) {

    static MirrorKey of(ProxyReport.Mirror mirror) {
        return new MirrorKey(
                mirror.getName(),
                mirror.getCluster(),
                mirror.getTopic(),
                mirror.getTargetCluster(),
                mirror.getTargetTopic());
    }

    /** The same in all instances. */
    public long id() {
        return new Hash64()
                .add(mirror)
                .add(cluster)
                .add(topic)
                .add(targetCluster)
                .add(targetTopic)
                .value();
    }
}
