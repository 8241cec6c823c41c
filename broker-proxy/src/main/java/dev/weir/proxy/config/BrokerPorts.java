package dev.weir.proxy.config;

/**
 * Broker {@code n} is reached on port {@code firstPort + n - firstNodeId}. The mapping is the same on every proxy, so
 * that clients may move from one to the next.
 *
 * @param firstPort the port of {@code firstNodeId}; 0 gives each broker any free port, for a single proxy only
 * @param firstNodeId the lowest node id
 * @param lastNodeId the highest node id, inclusive; a broker outside the range is not shown to clients
 */
public record BrokerPorts(int firstPort, int firstNodeId, int lastNodeId) implements BrokerAddressing {
    /** Any free port for each broker. */
    public static final BrokerPorts ANY = new BrokerPorts(0, 0, Integer.MAX_VALUE);

    public BrokerPorts {
        if (firstNodeId < 0 || lastNodeId < firstNodeId || firstPort < 0) {
            throw new IllegalArgumentException("not a range of brokers: " + firstNodeId + "-" + lastNodeId);
        }
        if (firstPort > 0 && firstPort + (long) (lastNodeId - firstNodeId) > 65_535) {
            throw new IllegalArgumentException("broker ports would pass 65535: first " + firstPort + ", brokers "
                    + firstNodeId + "-" + lastNodeId);
        }
    }

    public boolean covers(int nodeId) {
        return nodeId >= firstNodeId && nodeId <= lastNodeId;
    }

    /** The port to bind for a broker that is covered; 0 for any. */
    public int portOf(int nodeId) {
        return firstPort == 0 ? 0 : firstPort + nodeId - firstNodeId;
    }
}
