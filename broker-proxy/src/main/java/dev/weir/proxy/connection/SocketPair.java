package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.ListenerMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's socket and the broker's, both on one event loop: bytes out, and how far each may be read. Buffers that are
 * written are taken over.
 */
final class SocketPair {
    private static final long LAST_WRITES_MILLIS = 10_000;

    private final ChannelHandlerContext down;
    private final ListenerMetrics metrics;
    private @Nullable ChannelHandlerContext up;
    private boolean downGone;
    private boolean upPaused;
    private boolean downDirty;
    private boolean upDirty;

    SocketPair(ChannelHandlerContext down, ListenerMetrics metrics) {
        this.down = down;
        this.metrics = metrics;
        SocketTuning.apply(down.channel());
    }

    /** The broker is connected. */
    void attach(ChannelHandlerContext upstream) {
        SocketTuning.apply(upstream.channel());
        up = upstream;
    }

    /** Nobody takes answers any more. */
    void downstreamGone() {
        downGone = true;
    }

    void writeDown(ByteBuf bytes) {
        if (downGone) {
            bytes.release();
            return;
        }
        metrics.bytesDown(bytes.readableBytes());
        down.write(bytes, down.voidPromise()); // a failure closes the connection
        downDirty = true;
    }

    void writeUp(ByteBuf bytes) {
        ChannelHandlerContext broker = up;
        if (broker == null) {
            bytes.release();
            throw new IllegalStateException("a request was decided before the broker was connected");
        }
        metrics.bytesUp(bytes.readableBytes());
        broker.write(bytes, broker.voidPromise()); // a failure closes the connection
        upDirty = true;
    }

    /** Sends what was written since the last time. */
    void flush() {
        if (downDirty) {
            downDirty = false;
            down.flush();
        }
        ChannelHandlerContext broker = up;
        if (upDirty && broker != null) {
            upDirty = false;
            broker.flush();
        }
    }

    /** Leaves what the broker sends where it is until further notice; in force with the next {@link #updateReading}. */
    void pauseUpstream(boolean pause) {
        upPaused = pause;
    }

    /**
     * Lets each side be read as far as the other side takes it.
     *
     * @param mayReadDown whether there is anything else against reading from the client
     */
    void updateReading(boolean mayReadDown) {
        ChannelHandlerContext broker = up;
        setReading(
                down.channel(),
                mayReadDown && (broker == null || broker.channel().isWritable()));
        if (broker != null) {
            setReading(broker.channel(), !upPaused && down.channel().isWritable());
        }
    }

    private static void setReading(Channel channel, boolean reading) {
        if (channel.config().isAutoRead() != reading) {
            channel.config().setAutoRead(reading);
        }
    }

    /** Ends both sides; what was written to them before still goes out. */
    void end() {
        endAfterWrites(down.channel());
        if (up != null) {
            endAfterWrites(up.channel());
        }
    }

    /** A peer that does not take its last bytes is not waited for without end. */
    private static void endAfterWrites(Channel channel) {
        if (channel.isActive()) {
            Runnable close = channel::close;
            ScheduledFuture<?> patience =
                    channel.eventLoop().schedule(close, LAST_WRITES_MILLIS, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(closed -> patience.cancel(false));
            channel.config().setAutoRead(false);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
