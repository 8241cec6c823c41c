package dev.weir.proxy.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/**
 * Makes spans of chosen requests, on a thread of its own: batches may be compressed, and event loops have no time for
 * that. What it has no room for it lets fall. Names are those of OpenTelemetry's semantic conventions for messaging.
 */
public final class SpanWriter implements AutoCloseable {
    private static final int WAITING_MAX = 64;
    private static final int LINKS_MAX = 16;
    private static final long STOP_MILLIS_MAX = 1_000;

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<String> CLIENT_ID = AttributeKey.stringKey("messaging.client.id");
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("messaging.consumer.group.name");
    private static final AttributeKey<Long> RECORDS = AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("weir.listener");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("weir.service");

    private final BlockingQueue<TracedRequest> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Tracer tracer;
    private final Thread thread;

    /** Makes one and starts its thread; {@link #close} ends it. */
    public SpanWriter(Tracer tracer) {
        this.tracer = tracer;
        this.thread = new Thread(this::run, "weir-spans");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a request; returns at once, from any thread. */
    public void accept(TracedRequest request) {
        waiting.offer(request); // a full queue loses a sample, no more
    }

    private void run() {
        try {
            while (true) {
                write(waiting.take());
            }
        } catch (InterruptedException e) {
            for (TracedRequest last = waiting.poll(); last != null; last = waiting.poll()) {
                write(last);
            }
        }
    }

    /** Only traces that their beginner records are told; without one there is nothing to continue. */
    private void write(TracedRequest request) {
        List<TraceParent> parents = TracedBatch.contexts(request.batch(), request.produced() ? 1 : LINKS_MAX).stream()
                .filter(TraceParent::sampled)
                .toList();
        if (!parents.isEmpty()) {
            span(request, parents);
        }
    }

    private void span(TracedRequest request, List<TraceParent> parents) {
        String operation = request.produced() ? "send" : "receive";
        SpanBuilder builder = tracer.spanBuilder(operation + " " + request.topic())
                .setSpanKind(request.produced() ? SpanKind.PRODUCER : SpanKind.CONSUMER)
                .setStartTimestamp(request.startEpochNanos(), TimeUnit.NANOSECONDS)
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, operation)
                .setAttribute(DESTINATION, request.topic())
                .setAttribute(PARTITION, Integer.toString(request.partition()))
                .setAttribute(CLIENT_ID, request.clientId())
                .setAttribute(RECORDS, (long) request.records())
                .setAttribute(LISTENER, request.listener());
        if (!request.service().isEmpty()) {
            builder.setAttribute(SERVICE, request.service());
        }
        if (!request.group().isEmpty()) {
            builder.setAttribute(GROUP, request.group());
        }
        if (request.offset() >= 0) {
            builder.setAttribute(OFFSET, request.offset());
        }
        // the first context is the parent, so that the sampler of the parent decides and the trace stays in one piece
        builder.setParent(Context.root().with(Span.wrap(remote(parents.get(0)))));
        parents.forEach(parent -> builder.addLink(remote(parent)));
        Span span = builder.startSpan();
        if (request.errorCode() != 0) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(
                    ERROR_TYPE, Errors.forCode((short) request.errorCode()).name());
        }
        span.end(request.endEpochNanos(), TimeUnit.NANOSECONDS);
    }

    private static SpanContext remote(TraceParent parent) {
        return SpanContext.createFromRemoteParent(
                parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
