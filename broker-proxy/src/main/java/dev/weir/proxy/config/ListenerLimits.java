package dev.weir.proxy.config;

/**
 * Bounds for one downstream connection. Whoever passes one is disconnected, or waits, as said here.
 *
 * @param frameBytesMax the largest request; a longer one closes the connection (Kafka's
 *     {@code socket.request.max.bytes})
 * @param inFlightMax requests that wait for a response; beyond it Weir stops reading
 * @param connectionsMax connections on this listener; a further one is closed at once
 * @param handshakeTimeoutMillis how long TLS and SASL may take
 * @param partialFrameTimeoutMillis how long a request that has begun may stand still
 * @param recordsBytesMax the records of one batch whose headers Weir changes, decompressed; a larger one is refused
 * @param decompressionRatioMax how many bytes one compressed byte of such a batch may become
 */
public record ListenerLimits(
        int frameBytesMax,
        int inFlightMax,
        int connectionsMax,
        int handshakeTimeoutMillis,
        int partialFrameTimeoutMillis,
        int recordsBytesMax,
        int decompressionRatioMax) {
    public static final ListenerLimits DEFAULT = new ListenerLimits(104_857_600, 256, 20_000, 30_000, 30_000);

    /** With the usual limits for batches that are changed. */
    public ListenerLimits(
            int frameBytesMax,
            int inFlightMax,
            int connectionsMax,
            int handshakeTimeoutMillis,
            int partialFrameTimeoutMillis) {
        this(
                frameBytesMax,
                inFlightMax,
                connectionsMax,
                handshakeTimeoutMillis,
                partialFrameTimeoutMillis,
                64 << 20,
                1_000);
    }
}
