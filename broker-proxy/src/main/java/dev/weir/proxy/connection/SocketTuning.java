package dev.weir.proxy.connection;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;

/** How the sockets on the data path are read and written; each value is there because measurement asked for it. */
final class SocketTuning {
    private static final int READ_BYTES_MIN = 512;
    private static final int READ_BYTES_INITIAL = 2048;
    private static final int READ_BYTES_MAX = 256 * 1024;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private SocketTuning() {}

    static void apply(Channel channel) {
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_INITIAL, READ_BYTES_MAX));
        channel.config().setWriteBufferWaterMark(WATER_MARK);
    }
}
