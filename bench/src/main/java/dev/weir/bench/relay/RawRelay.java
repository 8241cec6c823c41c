package dev.weir.bench.relay;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import java.util.concurrent.TimeUnit;

/**
 * A TCP relay: what comes on one port of 127.0.0.1 goes to another, uncopied and unread. Its sockets are set up as
 * Weir's, and both of a connection live on one event loop; so Weir's cost beyond this is that of reading and deciding.
 * Told to be late, it is a broker that takes its time.
 */
public final class RawRelay {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int ACCEPT_BACKLOG = 1024;

    private RawRelay() {}

    /**
     * Relays until it is killed; the arguments are the port to listen on, the port to connect to, and by how many milliseconds
     * answers are late, if they are.
     */
    public static void main(String[] arguments) {
        int listenPort = Integer.parseInt(arguments[0]);
        int targetPort = Integer.parseInt(arguments[1]);
        long lateMillis = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        NetClient client =
                vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setTcpKeepAlive(true));
        NetServerOptions options =
                new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true).setAcceptBacklog(ACCEPT_BACKLOG);
        vertx.createNetServer(options)
                .connectHandler(socket -> {
                    ChannelHandlerContext down = ((NetSocketInternal) socket).channelHandlerContext();
                    down.channel().config().setAutoRead(false);
                    client.connect(targetPort, LOOPBACK)
                            .onSuccess(up -> join(down, ((NetSocketInternal) up).channelHandlerContext(), lateMillis))
                            .onFailure(e -> down.close());
                })
                .listen(listenPort, LOOPBACK)
                .onFailure(e -> {
                    System.err.println("cannot listen on " + listenPort + ": " + e.getMessage());
                    System.exit(2);
                });
    }

    private static void join(ChannelHandlerContext down, ChannelHandlerContext up, long lateMillis) {
        tune(down.channel());
        tune(up.channel());
        down.pipeline().addBefore(down.name(), "relay", new Passing(up));
        up.pipeline().addBefore(up.name(), "relay", lateMillis == 0 ? new Passing(down) : new Late(down, lateMillis));
        down.channel().config().setAutoRead(true);
        if (!up.channel().isActive()) {
            down.close();
        }
    }

    private static void tune(Channel channel) {
        channel.config()
                .setAllocator(PooledByteBufAllocator.DEFAULT)
                .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(512, 2048, 256 * 1024))
                .setWriteBufferWaterMark(new WriteBufferWaterMark(256 * 1024, 1024 * 1024));
    }

    /** Passes what one socket gives to the other, and reads no faster than the other takes. */
    private static class Passing extends ChannelInboundHandlerAdapter {
        final ChannelHandlerContext other;

        Passing(ChannelHandlerContext other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            other.write(bytes, other.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (other.channel().isActive()) {
                other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Passes it later, in its order. */
    private static final class Late extends Passing {
        private final long lateMillis;

        Late(ChannelHandlerContext other, long lateMillis) {
            super(other);
            this.lateMillis = lateMillis;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ctx.executor().schedule(() -> other.writeAndFlush(bytes), lateMillis, TimeUnit.MILLISECONDS);
        }
    }
}
