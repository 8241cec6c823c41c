package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.mirror.CapturedProduce;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.Sent;
import dev.weir.proxy.report.SharedRecords;
import dev.weir.proxy.report.Tap;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.ResponseHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a broker sends into responses. One that nobody changes streams: its bytes go down as they come, uncopied.
 * One that is edited, or may carry a broker's address, is held until it is whole; so is one whose records go through rules, and
 * while those are at work no other is read: the order stays.
 */
final class ResponseReader extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private final ResponseEditor editor;
    private final WalkedResponse walked;
    private final SocketPair sockets;
    private final InFlight inFlight;
    private final FetchedRecords fetched;
    private final @Nullable ConnectionReports reports;
    private final ResponseThrottle throttle;
    private final Unread unread = new Unread();
    private final ResponseHeader header = new ResponseHeader();
    private List<ByteBuf> held = new ArrayList<>(4);

    private @Nullable ChannelHandlerContext ctx;

    // the response being read; null between two
    private Pending.@Nullable FromBroker current;
    private @Nullable ResponseEdit<?> edit;
    /** Whether its records go through rules. */
    private boolean ruled;
    /** Whether rules are at work on it; nothing more is read meanwhile. */
    private boolean working;

    private boolean walking;
    private boolean holding;
    private int headBytes;
    private int missingBytes;

    ResponseReader(
            Connection connection,
            ResponseEditor editor,
            WalkedResponse walked,
            SocketPair sockets,
            InFlight inFlight,
            FetchedRecords fetched) {
        this.connection = connection;
        this.editor = editor;
        this.walked = walked;
        this.sockets = sockets;
        this.inFlight = inFlight;
        this.fetched = fetched;
        this.reports = connection.reports();
        this.throttle = new ResponseThrottle(connection);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext upstream) {
        ctx = upstream;
    }

    @Override
    public void channelRead(ChannelHandlerContext upstream, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (connection.isClosed()) {
            bytes.release();
            return;
        }
        unread.add(upstream.alloc(), bytes);
        connection.guarded(() -> readOn(upstream), MalformedReason.RESPONSE);
        if (connection.isClosed()) {
            release();
        }
    }

    private void readOn(ChannelHandlerContext upstream) {
        for (ByteBuf in = unread.peek(); in != null && !working && !connection.isClosed(); in = unread.peek()) {
            Pending.FromBroker response = current != null ? current : begin(in);
            if (response == null) {
                break;
            }
            advance(response, in);
        }
        if (!connection.isClosed()) {
            unread.settle(upstream.alloc());
        }
    }

    /** Reads the head of the next response; {@code null} when it is not all there. */
    private Pending.@Nullable FromBroker begin(ByteBuf in) {
        if (in.readableBytes() < 8) {
            return null;
        }
        int start = in.readerIndex();
        int lengthBytes = in.getInt(start);
        Pending.FromBroker next = inFlight.expected(lengthBytes, in.getInt(start + 4));
        int headerBytes = header.read(
                in,
                start + 4,
                in.readableBytes() - 4,
                lengthBytes,
                MessageCodec.responseHeaderVersion(next.apiKey(), next.version()));
        if (headerBytes == ResponseHeader.NEED_MORE) {
            return null;
        }
        if (next instanceof Pending.Upstream clients
                && !throttle.tell(clients, in, start + 4 + headerBytes, lengthBytes - headerBytes)) {
            return null;
        }
        headBytes = 4 + headerBytes;
        missingBytes = 4 + lengthBytes;
        current = next;
        if (next instanceof Pending.Upstream clients) {
            choose(clients, in.readableBytes() >= missingBytes);
        } else {
            edit = null;
            ruled = false;
            holding = true;
            walking = false;
        }
        return next;
    }

    /** Chooses between streaming and holding. */
    private void choose(Pending.Upstream next, boolean whole) {
        ResponseWatch watch = next.watch();
        edit = watch != null ? watch.editNow() : next.edit();
        ruled = fetched.concerns(next);
        boolean addresses = editor.hasAddresses(next.apiKey(), next.version());
        // a watched response that is here already can have its addresses replaced; a longer one has them blanked
        boolean blanking = watch != null && !whole && editor.canBlankAddresses(next.apiKey(), next.version());
        Sent sent = next.sent();
        holding = ruled
                || edit != null
                || (addresses && !blanking)
                || sent instanceof Sent.Decoded
                || next.copies() != null;
        Tap tap = tap(sent);
        // what is changed is reported as it goes down
        walking = !ruled && edit == null && (watch != null || tap != null);
        if (walking) {
            walked.begin(
                    program(next, tap != null),
                    watch,
                    tap,
                    watch != null && !holding,
                    headBytes,
                    missingBytes - headBytes);
        }
    }

    private Program program(Pending.Upstream response, boolean reported) {
        Protocol protocol = connection.listener().protocol();
        return reported
                ? protocol.reportedResponse(response.apiKey(), response.version())
                : protocol.watchedResponse(response.apiKey(), response.version());
    }

    private @Nullable Tap tap(@Nullable Sent sent) {
        if (reports == null || sent == null) {
            return null;
        }
        reports.responseBegins(sent);
        return sent instanceof Sent.Walked walkedSent && edit == null && !ruled
                ? reports.responseTap(walkedSent, List.of())
                : null;
    }

    private void advance(Pending.FromBroker response, ByteBuf in) {
        int bytes = Math.min(missingBytes, in.readableBytes());
        if (walking && !walked.feed(in, bytes)) {
            walked.end();
            connection.revoked();
            return;
        }
        ByteBuf part = in.readRetainedSlice(bytes);
        missingBytes -= bytes;
        if (holding) {
            held.add(part);
        } else {
            sockets.writeDown(part);
        }
        if (missingBytes > 0) {
            return;
        }
        if (ruled && response instanceof Pending.Upstream clients) {
            rule(clients);
        } else {
            end(response);
        }
    }

    private void rule(Pending.Upstream response) {
        work(fetched.on(response, editor.edit(response, null, takeHeld(), headBytes), headBytes));
    }

    private void work(RuledResponse whole) {
        if (whole.work().isHeavy()) {
            pause(true);
            fetched.later(whole, this::worked);
        } else {
            fetched.now(whole);
            worked(whole);
        }
    }

    /** The rules have done their work: again when there is nothing to send yet, but soon may be. */
    private void worked(RuledResponse done) {
        CompletionStage<Void> awaited = done.work().awaited();
        if (awaited != null && done.leftMillis() > 0) {
            pause(true);
            fetched.awaitNews(done, awaited, this::work);
            return;
        }
        boolean paused = working;
        pause(false);
        deliverRuled(done);
        ChannelHandlerContext upstream = ctx;
        if (paused && upstream != null && !connection.isClosed()) {
            connection.guarded(() -> readOn(upstream), MalformedReason.RESPONSE); // what has come meanwhile
        }
    }

    private void pause(boolean now) {
        if (working != now) {
            working = now;
            sockets.pauseUpstream(now);
        }
    }

    private void deliverRuled(RuledResponse done) {
        ByteBuf frame = fetched.delivered(done);
        report(done.response(), frame, done.work().shared());
        sockets.writeDown(frame);
        ended();
    }

    private void end(Pending.FromBroker response) {
        ApiMessage own = null;
        if (response instanceof Pending.Own) {
            own = takeOwn(response);
        } else if (holding && response instanceof Pending.Upstream clients) {
            deliverHeld(clients);
        }
        if (walking) {
            walked.end();
        }
        ended();
        if (own != null && response instanceof Pending.Own asked) {
            asked.answered().tryComplete(own); // last: what follows may end the connection, or ask again
        }
    }

    private void ended() {
        current = null;
        edit = null;
        connection.responseDone();
    }

    private ApiMessage takeOwn(Pending.FromBroker response) {
        ByteBuf frame = takeHeld();
        try {
            return connection
                    .listener()
                    .protocol()
                    .codec()
                    .decodeResponse(response.apiKey(), response.version(), frame.skipBytes(headBytes));
        } finally {
            frame.release();
        }
    }

    private ByteBuf takeHeld() {
        List<ByteBuf> parts = held;
        held = new ArrayList<>(4);
        return parts.size() == 1 ? parts.get(0) : Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new));
    }

    private void deliverHeld(Pending.Upstream response) {
        ByteBuf frame = editor.edit(response, edit, takeHeld(), headBytes);
        report(response, frame, List.of());
        mirror(response, frame);
        sockets.writeDown(frame);
    }

    /** What the client is told that it was taken is mirrored. */
    private void mirror(Pending.Upstream response, ByteBuf frame) {
        CapturedProduce copies = response.copies();
        if (copies == null) {
            return;
        }
        if (editor.decode(response, frame).orElse(null) instanceof ProduceResponseData answer) {
            copies.acknowledged(answer);
        } else {
            copies.abandon();
        }
    }

    /**
     * A response that was held is reported as the client gets it.
     *
     * @param shared what a canary left of partitions in it
     */
    private void report(Pending.Upstream response, ByteBuf frame, List<SharedRecords> shared) {
        Sent sent = response.sent();
        if (reports == null || sent == null) {
            return;
        }
        if (sent instanceof Sent.Decoded decoded) {
            editor.decode(response, frame).ifPresent(message -> reports.answered(decoded, message));
        } else if (sent instanceof Sent.Walked walkedSent && (edit != null || ruled)) {
            int head = ResponseEditor.headBytes(response, frame);
            walked.begin(
                    program(response, true),
                    null,
                    reports.responseTap(walkedSent, shared),
                    false,
                    head,
                    frame.readableBytes() - head);
            walked.feed(frame, frame.readableBytes());
            walked.end();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext upstream) {
        connection.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext upstream) {
        connection.updateReading();
        upstream.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext upstream) {
        connection.shut();
        upstream.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext upstream, Throwable cause) {
        String broken = TlsFailure.afterHandshake(cause, TlsFailure.Peer.BROKER);
        if (broken == null) {
            connection.onFailure(cause);
        } else {
            connection.close("tls", broken);
        }
    }

    /** Gives all buffers back. */
    void release() {
        unread.release();
        held.forEach(ByteBuf::release);
        held.clear();
        current = null;
    }
}
