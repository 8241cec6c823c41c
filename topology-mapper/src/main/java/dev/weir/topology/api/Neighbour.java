package dev.weir.topology.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.regex.Pattern;

/**
 * Whether a request was made on this machine, by a program or by this server's own page: not by a page from elsewhere in a browser that runs here,
 * whatever name it gave this address.
 */
final class Neighbour {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?(::1|0:0:0:0:0:0:0:1)(%\\w+)?]?");

    private Neighbour() {}

    static boolean is(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader("Sec-Fetch-Site");
        return authority != null
                && LOOPBACK.matcher(request.remoteAddress().hostAddress()).matches()
                && LOOPBACK.matcher(authority.host()).matches()
                && (origin == null || origin.equals("http://" + request.getHeader(HttpHeaders.HOST)))
                && (site == null || site.equals("same-origin") || site.equals("none"));
    }
}
