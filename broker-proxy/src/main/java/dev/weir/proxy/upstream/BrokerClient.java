package dev.weir.proxy.upstream;

import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.wire.MalformedFrameException;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.ResponseHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Weir's own conversation with one broker: a request in, a future of the response out. Lives on the event loop of its
 * socket; brokers answer in order, so responses are matched by a queue. Frames are aggregated, which is right for the
 * small answers that Weir asks for itself, and for nothing else.
 */
public final class BrokerClient extends ChannelInboundHandlerAdapter implements BrokerConversation, AutoCloseable {
    private static final int RESPONSE_BYTES_MAX = 256 << 20;
    private static final String CLIENT_ID = "weir";

    private final NetSocketInternal socket;
    private final MessageCodec codec;
    private final ChannelHandlerContext context;
    private final LengthFieldBasedFrameDecoder decoder =
            new LengthFieldBasedFrameDecoder(RESPONSE_BYTES_MAX, 0, 4, 0, 4);
    private final Queue<Exchange<?>> exchanges = new ArrayDeque<>();
    private final ResponseHeader header = new ResponseHeader();
    private int nextCorrelationId;
    private boolean closed;
    private boolean retired;
    private @Nullable ScheduledFuture<?> retirement;

    private record Exchange<S extends ApiMessage>(
            short apiKey, short version, int correlationId, Class<S> type, Promise<S> promise) {
        void complete(ApiMessage response) {
            promise.complete(type.cast(response));
        }
    }

    /** Takes over a connected socket's bytes. To be called on its event loop. */
    BrokerClient(NetSocketInternal socket, MessageCodec codec) {
        this.socket = socket;
        this.codec = codec;
        this.context = socket.channelHandlerContext();
        context.pipeline().addBefore(context.name(), "weir-frames", decoder);
        context.pipeline().addBefore(context.name(), "weir-client", this);
    }

    @Override
    public <S extends ApiMessage> Future<S> send(ApiKeys api, short version, ApiMessage request, Class<S> type) {
        if (closed) {
            return Future.failedFuture(new UpstreamException(
                    UpstreamFailure.CLOSED, "connection to " + socket.remoteAddress() + " is closed"));
        }
        Exchange<S> exchange = new Exchange<>(api.id, version, nextCorrelationId++, type, Promise.promise());
        exchanges.add(exchange);
        context.writeAndFlush(
                codec.encodeRequest(context.alloc(), api.id, version, exchange.correlationId(), CLIENT_ID, request));
        return exchange.promise().future();
    }

    /**
     * Gives the socket back, for somebody else to read. Nothing may be in flight.
     */
    public NetSocketInternal release() {
        if (!exchanges.isEmpty()) {
            throw new IllegalStateException("requests in flight");
        }
        context.pipeline().remove(decoder);
        context.pipeline().remove(this);
        return socket;
    }

    /**
     * Takes nothing more on when a share of its session is over, and closes when what was asked is answered: brokers close a connection that
     * is used after its session (KIP-368). Whoever has it connects anew then. To be called on its event loop.
     *
     * @param lifetimeMillis how long the session holds; 0 for ever
     */
    BrokerClient retireBefore(long lifetimeMillis) {
        if (lifetimeMillis > 0 && !closed) {
            retirement = context.executor()
                    .schedule(this::retire, SessionTime.usedMillis(lifetimeMillis), TimeUnit.MILLISECONDS);
        }
        return this;
    }

    private void retire() {
        retired = true;
        closeIfIdle();
    }

    private void closeIfIdle() {
        if (retired && exchanges.isEmpty()) {
            close();
        }
    }

    /** Whether it is to be used no more: it is closed, or its session ends soon. */
    public boolean isClosed() {
        return closed || retired;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        try {
            Exchange<?> exchange = exchanges.poll();
            if (exchange == null) {
                fail(new UpstreamException(
                        UpstreamFailure.MALFORMED,
                        "broker " + socket.remoteAddress() + " sent a response nobody asked for"));
                return;
            }
            try {
                exchange.complete(decode(exchange, frame));
                closeIfIdle();
            } catch (RuntimeException e) {
                UpstreamException failure = new UpstreamException(
                        UpstreamFailure.MALFORMED,
                        "broker " + socket.remoteAddress() + " sent a malformed response",
                        e);
                exchange.promise().fail(failure);
                fail(failure);
            }
        } finally {
            frame.release();
        }
    }

    private ApiMessage decode(Exchange<?> exchange, ByteBuf frame) {
        int headerBytes = header.read(
                frame,
                frame.readerIndex(),
                frame.readableBytes(),
                frame.readableBytes(),
                MessageCodec.responseHeaderVersion(exchange.apiKey(), exchange.version()));
        if (header.correlationId() != exchange.correlationId()) {
            throw new MalformedFrameException("the answer to another request");
        }
        return codec.decodeResponse(exchange.apiKey(), exchange.version(), frame.skipBytes(headerBytes));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(new UpstreamException(
                UpstreamFailure.CLOSED, "broker " + socket.remoteAddress() + " closed the connection"));
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(new UpstreamException(
                UpstreamException.kindOf(cause, UpstreamFailure.CLOSED),
                "connection to broker " + socket.remoteAddress() + " failed",
                cause));
    }

    private void fail(UpstreamException cause) {
        if (closed) {
            return;
        }
        closed = true;
        if (retirement != null) {
            retirement.cancel(false);
        }
        for (Exchange<?> waiting = exchanges.poll(); waiting != null; waiting = exchanges.poll()) {
            waiting.promise().tryFail(cause);
        }
        context.close();
    }

    @Override
    public void close() {
        fail(new UpstreamException(UpstreamFailure.CLOSED, "closed"));
    }
}
