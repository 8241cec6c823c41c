package dev.weir.proxy.config;

/**
 * A host and a port.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535; 0 asks for any free port where a socket is bound
 */
public record Endpoint(String host, int port) {
    public Endpoint {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
