package dev.weir.topology.edge;

import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.state.v1.EdgeName;
import dev.weir.topology.stream.Hash64;

/**
 * What makes an edge.
 *
 * @param client name of the service, or the principal where policy knows no service
 * @param other whether it stands for all that was too much for the limits
 * @param partition of the reports, of an other; as each task has its own
 */
public record EdgeKey(
        String cluster,
        String client,
        boolean isService,
        String version,
        boolean produce,
        String topic,
        String group,
        boolean other,
        int partition) {

    public static EdgeKey of(Flow flow) {
        boolean isService = !flow.getClient().getService().isEmpty();
        return new EdgeKey(
                flow.getHeader().getCluster(),
                isService ? flow.getClient().getService() : flow.getClient().getPrincipal(),
                isService,
                flow.getClient().getVersion(),
                flow.getDirection() == Direction.PRODUCE,
                flow.getTopic(),
                flow.getDirection() == Direction.PRODUCE ? "" : flow.getGroup(),
                false,
                0);
    }

    static EdgeKey of(EdgeName name) {
        return new EdgeKey(
                name.getCluster(),
                name.getClient(),
                name.getIsService(),
                name.getVersion(),
                name.getDirection() == Direction.PRODUCE,
                name.getTopic(),
                name.getGroup(),
                name.getOther(),
                name.getOtherPartition());
    }

    static EdgeKey other(boolean produce, int partition) {
        return new EdgeKey("", "", false, "", produce, "", "", true, partition);
    }

    public EdgeKey inGroup(String name) {
        return new EdgeKey(cluster, client, isService, version, produce, topic, name, other, partition);
    }

    /** The same in all instances. */
    public long id() {
        return new Hash64()
                .add(cluster)
                .add(client)
                .add(isService ? 1 : 0)
                .add(version)
                .add(produce ? 1 : 0)
                .add(topic)
                .add(group)
                .add(other ? 1 + partition : 0)
                .value();
    }

    /** What is the same on all connections of a client, also on that to the coordinator of its group. */
    public static long clientHash(String cluster, Client client) {
        return new Hash64()
                .add(cluster)
                .add(client.getPrincipal())
                .add(client.getClientId())
                .add(client.getSource())
                .value();
    }

    EdgeName toMessage() {
        return EdgeName.newBuilder()
                .setCluster(cluster)
                .setClient(client)
                .setIsService(isService)
                .setVersion(version)
                .setDirection(produce ? Direction.PRODUCE : Direction.CONSUME)
                .setTopic(topic)
                .setGroup(group)
                .setOther(other)
                .setOtherPartition(partition)
                .build();
    }
}
