package dev.weir.proxy.upstream;

import dev.weir.proxy.telemetry.UpstreamFailure;
import io.netty.handler.codec.DecoderException;
import javax.net.ssl.SSLException;

/** A broker could not be reached, did not accept Weir's credentials, or answered out of protocol. */
public final class UpstreamException extends Exception {
    private static final long serialVersionUID = 1L;

    private final UpstreamFailure kind;

    public UpstreamException(UpstreamFailure kind, String message) {
        super(message);
        this.kind = kind;
    }

    public UpstreamException(UpstreamFailure kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What a failure of a socket comes to; {@code plain} if it is one of TCP. TLS fails by the same futures. */
    static UpstreamFailure kindOf(Throwable failure, UpstreamFailure plain) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return UpstreamFailure.TLS;
            }
        }
        return failure instanceof DecoderException ? UpstreamFailure.MALFORMED : plain;
    }

    public UpstreamFailure kind() {
        return kind;
    }
}
