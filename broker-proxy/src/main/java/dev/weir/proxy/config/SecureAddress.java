package dev.weir.proxy.config;

import java.net.URI;
import java.util.Set;

/** Where secrets may be sent: over TLS, or to this machine. */
public final class SecureAddress {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private SecureAddress() {}

    public static boolean is(URI url) {
        return url.getHost() != null
                && ("https".equals(url.getScheme())
                        || ("http".equals(url.getScheme()) && LOOPBACK.contains(url.getHost())));
    }
}
