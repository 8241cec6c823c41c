package dev.weir.proxy.cluster;

import dev.weir.proxy.config.Endpoint;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.jspecify.annotations.Nullable;

/**
 * One cluster at one moment. Immutable.
 *
 * @param clusterId Kafka's id, or {@code null} until the first broker answered
 * @param brokers advertised address by node id
 * @param versions what each broker that has been asked supports, by node id
 */
public record ClusterState(
        @Nullable String clusterId,
        SortedMap<Integer, Endpoint> brokers,
        Map<Integer, ApiVersionsResponseData> versions) {

    /** Nothing is known. */
    public static final ClusterState UNKNOWN = new ClusterState(null, new TreeMap<>(), Map.of());

    public ClusterState {
        brokers = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(brokers));
        versions = Map.copyOf(versions);
    }
}
