package dev.weir.proxy.connection;

import dev.weir.proxy.mirror.CapturedProduce;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.Sent;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.upstream.UpstreamException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The responses that a client is owed, in the order of its requests. Owns the answers that wait in it.
 *
 * <p>INVARIANT: an answer is never the oldest for longer than it takes to send it.
 */
final class InFlight {
    private final Queue<Pending> queue = new ArrayDeque<>();
    /** Answers that wait behind a slow response are held here, and must not grow without bound. */
    private static final long ANSWER_BYTES_MAX = 1 << 20;

    private final SocketPair sockets;
    private final ListenerMetrics metrics;
    private long answerBytes;

    InFlight(SocketPair sockets, ListenerMetrics metrics) {
        this.sockets = sockets;
        this.metrics = metrics;
    }

    int size() {
        return queue.size();
    }

    /** Whether another request may be taken, as far as this queue goes. */
    boolean hasRoom(int requestsMax) {
        return queue.size() < requestsMax && answerBytes < ANSWER_BYTES_MAX;
    }

    /** A request is about to go upstream. */
    void expect(Pending.FromBroker response) {
        queue.add(response);
        metrics.inFlightAdded();
    }

    /**
     * Adds an answer made here, and sends it if it is its turn.
     *
     * @return whether the connection is to end now
     */
    boolean answer(ByteBuf frame, boolean thenClose) {
        answerBytes += frame.readableBytes();
        queue.add(new Pending.Answer(frame, thenClose));
        metrics.inFlightAdded();
        return sendAnswers();
    }

    /** The response that the broker owes next; it is checked against what the broker is sending. */
    Pending.FromBroker expected(int lengthBytes, int correlationId) {
        if (!(queue.peek() instanceof Pending.FromBroker next)) {
            throw new ProtocolException(MalformedReason.RESPONSE, "the broker sent a response nobody asked for");
        }
        if (lengthBytes < 4 || correlationId != next.correlationId()) {
            throw new ProtocolException(
                    MalformedReason.RESPONSE,
                    "the broker answered " + correlationId + " where " + next.correlationId() + " was due");
        }
        return next;
    }

    /**
     * The oldest response has gone down: answers that waited behind it follow.
     *
     * @return whether the connection is to end now
     */
    boolean done() {
        queue.remove();
        metrics.inFlightRemoved(1);
        return sendAnswers();
    }

    private boolean sendAnswers() {
        while (queue.peek() instanceof Pending.Answer answer) {
            queue.remove();
            metrics.inFlightRemoved(1);
            answerBytes -= answer.frame().readableBytes();
            sockets.writeDown(answer.frame());
            if (answer.thenClose()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Nobody waits any more.
     *
     * @param reports told of requests that stay without a response, or {@code null}
     */
    void clear(@Nullable ConnectionReports reports) {
        metrics.inFlightRemoved(queue.size());
        for (Pending pending = queue.poll(); pending != null; pending = queue.poll()) {
            if (pending instanceof Pending.Answer answer) {
                answer.frame().release();
            } else if (pending instanceof Pending.Upstream upstream) {
                unanswered(upstream, reports);
            } else if (pending instanceof Pending.Own own) {
                own.answered().tryFail(new UpstreamException(UpstreamFailure.CLOSED, "the connection is closed"));
            }
        }
    }

    private static void unanswered(Pending.Upstream request, @Nullable ConnectionReports reports) {
        if (reports != null && request.sent() instanceof Sent.Decoded sent) {
            reports.unanswered(sent);
        }
        CapturedProduce copies = request.copies();
        if (copies != null) {
            copies.abandon();
        }
    }
}
