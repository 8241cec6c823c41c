package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.wire.FieldVisitor;
import dev.weir.proxy.wire.MalformedFrameException;
import dev.weir.proxy.wire.RequestHeader;
import dev.weir.proxy.wire.Walker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a client sends into requests, and walks through each as it arrives. Large pieces are not copied: a
 * frame is a list of slices of the buffers that the socket was read into. Stops between two requests whenever the connection cannot
 * take another, and goes on with {@link #resume()}.
 *
 * <p>INVARIANT: nothing is allocated for a length that a peer claims; a frame occupies what has arrived of it.
 */
final class RequestReader extends ChannelInboundHandlerAdapter {
    /** Length, api key, version. */
    private static final int FIXED_BYTES = 8;

    /** Reads of fewer bytes are put together. */
    private static final int TRICKLE_BYTES = 2_048;

    private static final int TAIL_BYTES = 16_384;

    private static final FieldVisitor NOBODY = new FieldVisitor() {};

    private final Connection connection;
    private final RequestRouter router;
    private final Walker walker;
    private final Unread unread = new Unread();

    // the request being read
    private final RequestHeader header = new RequestHeader();
    private boolean inFrame;
    private List<ByteBuf> parts = new ArrayList<>(4);
    private int bodyIndex;
    private int missingBytes;
    private int headBytesToSkip;
    private boolean walking;
    private FieldVisitor fields = NOBODY;

    /** The last part, when it is a buffer of our own that more bytes may follow in. */
    private @Nullable ByteBuf tail;

    private boolean running;
    private long lastProgressNanos;
    private boolean partial;

    RequestReader(Connection connection, RequestRouter router, Walker walker) {
        this.connection = connection;
        this.router = router;
        this.walker = walker;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (connection.isClosed()) {
            bytes.release();
            return;
        }
        unread.add(ctx.alloc(), bytes);
        resume();
    }

    /** Goes on with what is there, as far as the connection takes it. */
    void resume() {
        if (running) {
            return;
        }
        running = true;
        connection.guarded(this::readOn, MalformedReason.BODY);
        running = false;
        if (connection.isClosed()) {
            release();
        }
    }

    private void readOn() {
        while (connection.mayRead()) {
            ByteBuf in = unread.peek();
            if (in == null || !advance(in)) {
                break;
            }
        }
        if (!connection.isClosed()) {
            unread.settle(connection.downstream().alloc());
        }
        boolean now = inFrame || unread.peek() != null;
        if (now) {
            lastProgressNanos = System.nanoTime();
        }
        partial = now;
    }

    /** Consumes some bytes; {@code false} when it needs more than there are. */
    private boolean advance(ByteBuf in) {
        if (router.expectsRawToken()) {
            return readRawToken(in);
        }
        if (!inFrame && !readHeader(in)) {
            return false;
        }
        int bytes = Math.min(missingBytes, in.readableBytes());
        if (walking) {
            int skipped = Math.min(headBytesToSkip, bytes);
            headBytesToSkip -= skipped;
            if (bytes > skipped) {
                walker.feed(in, in.readerIndex() + skipped, bytes - skipped, fields);
            }
        }
        missingBytes -= bytes;
        keep(in, bytes);
        if (missingBytes > 0) {
            return false;
        }
        deliver();
        return true;
    }

    /** Keeps bytes of the frame: as a slice, or copied when they are so few that a slice would cost more. */
    private void keep(ByteBuf in, int bytes) {
        boolean trickle = bytes < TRICKLE_BYTES && (missingBytes > 0 || tail != null);
        ByteBuf last = tail;
        if (!trickle) {
            tail = null;
            parts.add(in.readRetainedSlice(bytes));
        } else if (last != null && last.writableBytes() >= bytes) {
            last.writeBytes(in, bytes);
        } else {
            ByteBuf next = connection.downstream().alloc().buffer(TAIL_BYTES, TAIL_BYTES);
            next.writeBytes(in, bytes);
            parts.add(next);
            tail = next;
        }
    }

    private boolean readHeader(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return false;
        }
        int start = in.readerIndex();
        int lengthBytes = in.getInt(start);
        int lengthBytesMax = router.frameBytesMax();
        if (lengthBytes < FIXED_BYTES) {
            throw new ProtocolException(
                    MalformedReason.LENGTH_TOO_SMALL,
                    "a request's length of " + lengthBytes + " is less than its header needs");
        }
        if (lengthBytes > lengthBytesMax) {
            throw new ProtocolException(
                    MalformedReason.LENGTH_TOO_LARGE,
                    "a request's length of " + lengthBytes + " bytes is above the limit of " + lengthBytesMax);
        }
        if (in.readableBytes() < FIXED_BYTES) {
            return false;
        }
        short apiKey = in.getShort(start + 4);
        short version = in.getShort(start + 6);
        walking = router.accept(apiKey, version);
        int headerBytes = readHeader(in, start + 4, lengthBytes);
        if (headerBytes == RequestHeader.NEED_MORE) {
            return false;
        }
        inFrame = true;
        bodyIndex = 4 + headerBytes;
        missingBytes = 4 + lengthBytes;
        headBytesToSkip = bodyIndex;
        fields = router.begin(header);
        if (walking) {
            walker.reset(router.program(apiKey, version), missingBytes - bodyIndex);
        }
        return true;
    }

    private int readHeader(ByteBuf in, int index, int lengthBytes) {
        try {
            return header.read(in, index, in.readableBytes() - 4, lengthBytes);
        } catch (MalformedFrameException e) {
            throw new ProtocolException(MalformedReason.HEADER, String.valueOf(e.getMessage()));
        }
    }

    private void deliver() {
        RequestFrame frame = new RequestFrame(header, parts, bodyIndex);
        inFrame = false;
        tail = null;
        parts = new ArrayList<>(4);
        router.onRequest(frame);
    }

    /** A SASL token without a request around it, as it follows SaslHandshake version 0. */
    private boolean readRawToken(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return false;
        }
        int lengthBytes = in.getInt(in.readerIndex());
        if (lengthBytes < 0 || lengthBytes > router.frameBytesMax()) {
            throw new ProtocolException(
                    MalformedReason.LENGTH_TOO_LARGE, "a SASL token's length of " + lengthBytes + " is out of bounds");
        }
        if (in.readableBytes() < 4 + lengthBytes) {
            return false;
        }
        in.skipBytes(4);
        byte[] token = new byte[lengthBytes];
        in.readBytes(token);
        router.onRawToken(token);
        return true;
    }

    /** For how long nothing came of a request that has begun, though Weir was ready to read; 0 when none has. */
    long stalledNanos(long nowNanos) {
        return partial && connection.mayRead() ? nowNanos - lastProgressNanos : 0;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        connection.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.onDownstreamWritability();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.clientGone();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        String broken = TlsFailure.afterHandshake(cause, TlsFailure.Peer.CLIENT);
        if (broken == null) {
            connection.onFailure(cause);
        } else {
            connection.close("tls", broken);
        }
    }

    /** Gives all buffers back. */
    void release() {
        if (running) {
            return;
        }
        unread.release();
        parts.forEach(ByteBuf::release);
        parts.clear();
        tail = null;
        inFrame = false;
        partial = false;
    }
}
