package dev.weir.proxy.connection;

import dev.weir.proxy.traffic.ClientQuotas;
import dev.weir.proxy.wire.ThrottleTime;
import io.netty.buffer.ByteBuf;

/** Slows the client of one connection down as Kafka does: responses tell it how long to be quiet, and it is not read meanwhile. Event loop only. */
final class ResponseThrottle {
    private final Connection connection;
    private final ClientQuotas quotas;

    ResponseThrottle(Connection connection) {
        this.connection = connection;
        this.quotas = connection.session().quotas();
    }

    /**
     * Tells the client to be quiet if it has to be.
     *
     * @param bodyIndex where the response's body begins
     * @param bodyBytes how long it is in all
     * @return {@code false} when the place for it is not there yet, and nothing was done
     */
    boolean tell(Pending.Upstream response, ByteBuf in, int bodyIndex, int bodyBytes) {
        Fetching metered = quotas.isEmpty() ? null : response.fetching();
        if (metered == null && response.throttleMillis() == 0) {
            return true;
        }
        boolean told = bodyBytes >= ThrottleTime.BYTES
                && connection.listener().protocol().throttleTime().isFirst(response.apiKey(), response.version());
        if (told && in.writerIndex() < bodyIndex + ThrottleTime.BYTES) {
            return false;
        }
        int millis = response.throttleMillis();
        if (metered != null) {
            millis = Math.max(millis, quotas.fetched(bodyBytes, metered.topics()));
        }
        if (millis > 0) {
            if (told) {
                ThrottleTime.raise(in, bodyIndex, millis);
            }
            connection.waits().mute(millis);
        }
        return true;
    }
}
