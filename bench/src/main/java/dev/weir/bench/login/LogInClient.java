package dev.weir.bench.login;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.requests.SaslHandshakeResponse;
import org.jspecify.annotations.Nullable;

/**
 * One client, after the TLS handshake: asks for versions, logs in, and is in once a broker has answered it. It stays connected.
 * On its event loop.
 */
final class LogInClient extends SimpleChannelInboundHandler<ByteBuf> {
    private static final short VERSIONS = 3;
    private static final short HANDSHAKE = 1;
    private static final short AUTHENTICATE = 2;
    private static final short METADATA = 12;

    private final LogIn logIn;
    private final CompletableFuture<Void> in;
    private int correlationId;
    private RequestHeader asked = new RequestHeader(ApiKeys.API_VERSIONS, VERSIONS, "bench", 0);

    /** @param in completes when the client is in, or fails */
    LogInClient(LogIn logIn, CompletableFuture<Void> in) {
        this.logIn = logIn;
        this.in = in;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                send(context, new ApiVersionsRequest.Builder().build(VERSIONS));
            } else {
                in.completeExceptionally(handshake.cause());
            }
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        AbstractResponse response = AbstractResponse.parseResponse(frame.nioBuffer(), asked);
        if (response instanceof ApiVersionsResponse) {
            afterVersions(context);
        } else if (response instanceof SaslHandshakeResponse handshake) {
            check(handshake.error(), "");
            authenticate(context, new byte[0]);
        } else if (response instanceof SaslAuthenticateResponse answer) {
            check(answer.error(), answer.errorMessage());
            afterAnswer(context, answer.saslAuthBytes());
        } else if (response instanceof MetadataResponse metadata
                && !metadata.brokers().isEmpty()) {
            in.complete(null);
        } else {
            throw new IllegalStateException("no broker is known");
        }
    }

    private void afterVersions(ChannelHandlerContext context) {
        if (logIn == LogIn.BY_CERTIFICATE) {
            askForBrokers(context);
        } else {
            send(
                    context,
                    new SaslHandshakeRequest.Builder(new SaslHandshakeRequestData().setMechanism(logIn.mechanism()))
                            .build(HANDSHAKE));
        }
    }

    private void authenticate(ChannelHandlerContext context, byte[] challenge) {
        send(
                context,
                new SaslAuthenticateRequest.Builder(
                                new SaslAuthenticateRequestData().setAuthBytes(logIn.next(challenge)))
                        .build(AUTHENTICATE));
    }

    /** The server's first message of SCRAM names a salt; what comes at the end, of SCRAM or others, does not. */
    private void afterAnswer(ChannelHandlerContext context, byte[] answer) {
        if (logIn instanceof LogIn.Scram && answer.length > 0 && answer[0] == 'r') {
            authenticate(context, answer);
        } else {
            askForBrokers(context);
        }
    }

    private void askForBrokers(ChannelHandlerContext context) {
        send(context, new MetadataRequest.Builder(List.of(), false).build(METADATA));
    }

    private void send(ChannelHandlerContext context, AbstractRequest request) {
        asked = new RequestHeader(request.apiKey(), request.version(), "bench", ++correlationId);
        ByteBuffer bytes = request.serializeWithHeader(asked);
        context.writeAndFlush(context.alloc()
                .buffer(Integer.BYTES + bytes.remaining())
                .writeInt(bytes.remaining())
                .writeBytes(bytes));
    }

    private static void check(Errors error, @Nullable String message) {
        if (error != Errors.NONE) {
            throw new IllegalStateException(error + " " + message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        in.completeExceptionally(new IllegalStateException("disconnected"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        in.completeExceptionally(cause);
        context.close();
    }
}
