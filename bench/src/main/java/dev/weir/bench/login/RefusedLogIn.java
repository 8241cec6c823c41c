package dev.weir.bench.login;

import dev.weir.proxy.config.Endpoint;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeRequest;

/** A client whose log-in is refused; it looks at the clock, and at nothing else. One thread. */
final class RefusedLogIn {
    private static final short HANDSHAKE = 1;
    private static final short AUTHENTICATE = 2;

    private final Endpoint address;
    private final SSLSocketFactory sockets;
    private int correlationId;

    RefusedLogIn(Endpoint address, Path authorities) throws IOException {
        this.address = address;
        JdkSslContext context = (JdkSslContext) SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(authorities.toFile())
                .build();
        this.sockets = context.context().getSocketFactory();
    }

    /** How long the answer to each message took, in nanoseconds; the last one is a refusal. */
    long[] attempt(LogIn logIn) throws IOException {
        List<Long> nanos = new ArrayList<>();
        try (SSLSocket socket = (SSLSocket) sockets.createSocket(address.host(), address.port())) {
            socket.setTcpNoDelay(true);
            ask(
                    socket,
                    new SaslHandshakeRequest.Builder(new SaslHandshakeRequestData().setMechanism(logIn.mechanism()))
                            .build(HANDSHAKE));
            byte[] challenge = new byte[0];
            while (true) {
                SaslAuthenticateRequest request = new SaslAuthenticateRequest.Builder(
                                new SaslAuthenticateRequestData().setAuthBytes(logIn.next(challenge)))
                        .build(AUTHENTICATE);
                long from = System.nanoTime();
                SaslAuthenticateResponse answer = (SaslAuthenticateResponse) ask(socket, request);
                nanos.add(System.nanoTime() - from);
                if (answer.error() != Errors.NONE) {
                    return nanos.stream().mapToLong(Long::longValue).toArray();
                }
                challenge = answer.saslAuthBytes();
            }
        }
    }

    private AbstractResponse ask(SSLSocket socket, AbstractRequest request) throws IOException {
        RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "bench", ++correlationId);
        ByteBuffer bytes = request.serializeWithHeader(header);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.remaining())
                .putInt(bytes.remaining())
                .put(bytes);
        socket.getOutputStream().write(frame.array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
    }
}
