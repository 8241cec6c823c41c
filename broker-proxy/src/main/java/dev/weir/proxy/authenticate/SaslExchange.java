package dev.weir.proxy.authenticate;

import java.util.concurrent.CompletionStage;

/**
 * The server's side of one SASL exchange (RFC 4422): a state machine that neither reads nor writes a socket. Its calls
 * come one after the other, though on changing threads.
 */
public interface SaslExchange {
    /**
     * Takes the client's next message. It may use milliseconds of CPU, so it is not called on an event loop; what has to
     * wait for somebody else (keys of an identity provider) completes the result later, and holds no thread meanwhile.
     *
     * @param message as it came; its content is the caller's to forget
     * @return what follows; it never completes exceptionally because of what a client sent
     */
    CompletionStage<SaslStep> next(byte[] message);
}
