package dev.weir.proxy.listener;

import dev.weir.proxy.config.Endpoint;
import java.util.List;
import java.util.Map;

/**
 * One listener as clients see it.
 *
 * @param bootstrap what clients put into {@code bootstrap.servers}
 * @param brokers where each broker is reached, by node id
 * @param problems brokers that have no port here and why, new certificate files that were not taken and why; empty when all is well
 */
public record BoundListener(
        String name, String cluster, Endpoint bootstrap, Map<Integer, Endpoint> brokers, List<String> problems) {}
