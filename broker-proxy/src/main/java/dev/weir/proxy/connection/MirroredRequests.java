package dev.weir.proxy.connection;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.mirror.CapturedProduce;
import dev.weir.proxy.mirror.Mirrors;
import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** What is copied of the produce requests of one client, for mirrors. Event loop of the connection. */
final class MirroredRequests {
    private final Mirrors mirrors;
    private final Cluster cluster;
    private final ByteBufAllocator allocator;

    MirroredRequests(Mirrors mirrors, Cluster cluster, ByteBufAllocator allocator) {
        this.mirrors = mirrors;
        this.cluster = cluster;
        this.allocator = allocator;
    }

    /** Whether a mirror may be about a request's topics. */
    boolean mayConcern(RequestHeader header, PolicySnapshot policy) {
        return header.apiKey() == ApiKeys.PRODUCE.id && mirrors.areUsed(policy);
    }

    boolean concern(PolicySnapshot policy, String topic) {
        return mirrors.concern(policy, cluster, topic);
    }

    /**
     * Copies what is to be mirrored of a request that is about to go to the broker.
     *
     * @param request its body; {@code null} where nobody had to decode it
     * @return {@code null} for nothing
     */
    @Nullable
    CapturedProduce capture(RequestHeader header, PolicySnapshot policy, @Nullable ApiMessage request) {
        return request instanceof ProduceRequestData produce && mirrors.areUsed(policy)
                ? mirrors.capture(produce, header.apiVersion(), policy, cluster, allocator)
                : null;
    }
}
