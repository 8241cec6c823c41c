package dev.weir.proxy.wire;

import org.jspecify.annotations.Nullable;

/** What a client gets to see instead of the address of a broker. */
@FunctionalInterface
public interface AddressMap {

    /**
     * Maps one address. It is not asked about a blank host, which a broker sends where it knows of none.
     *
     * @param nodeId -1 when the response does not say whose address it is
     * @param port 0 to 65535
     * @return {@code null} for one that no client may see: it becomes a blank host and port -1, or 0 where the protocol
     *     has no negative ports
     */
    @Nullable
    Address map(Role role, int nodeId, String host, int port);

    /** Whose address it is. */
    enum Role {
        BROKER,
        CONTROLLER
    }

    /** A host and a port, 1 to 65535. */
    record Address(String host, int port) {

        static final Address BLANK = new Address("", -1);
    }
}
