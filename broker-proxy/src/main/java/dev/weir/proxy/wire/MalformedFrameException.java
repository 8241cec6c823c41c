package dev.weir.proxy.wire;

/**
 * Bytes that are not the message they claim to be. The connection they came on cannot be used further: where the next
 * frame begins is no longer known. The message says what was found where, never the contents; there is no stack trace,
 * since a peer can cause any number of these.
 */
public final class MalformedFrameException extends RuntimeException {

    public MalformedFrameException(String reason) {
        super(reason, null, false, false);
    }
}
