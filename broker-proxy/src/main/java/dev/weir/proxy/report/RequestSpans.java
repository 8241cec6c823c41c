package dev.weir.proxy.report;

import dev.weir.proxy.trace.TracedRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Passes on what was chosen for a span, with what is known of its client. Event loop of the connection. */
final class RequestSpans {
    private static final String NO_GROUP = "";

    private final ConnectionReports connection;
    private final String listener;

    RequestSpans(ConnectionReports connection, String listener) {
        this.connection = connection;
        this.listener = listener;
    }

    /** A produce request was answered. */
    void produced(ProduceSent request, ProducedPartition produced, int errorCode, long baseOffset) {
        ByteBuffer batch = produced.batch;
        String topic = produced.topic;
        if (batch != null && topic != null) {
            long startNanos = TimeUnit.MILLISECONDS.toNanos(request.sentMillis);
            long endNanos = startNanos + (System.nanoTime() - request.sentNanos);
            pass(
                    true,
                    NO_GROUP,
                    topic,
                    produced.partition,
                    batch,
                    startNanos,
                    endNanos,
                    errorCode,
                    baseOffset,
                    produced.records);
        }
    }

    /** Records were handed out, in the group that the client reads the topic in, as far as that is known. */
    void consumed(String topic, int partition, ByteBuffer batch, long records, long offset, long beganMillis) {
        long startNanos = TimeUnit.MILLISECONDS.toNanos(beganMillis);
        long endNanos = Math.max(startNanos, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        String group = connection.groups().of(connection.client(), topic);
        pass(false, group, topic, partition, batch, startNanos, endNanos, 0, offset, records);
    }

    private void pass(
            boolean produced,
            String group,
            String topic,
            int partition,
            ByteBuffer batch,
            long startNanos,
            long endNanos,
            int errorCode,
            long offset,
            long records) {
        ReportedClient client = connection.client();
        connection
                .loop()
                .traced(new TracedRequest(
                        produced,
                        listener,
                        client.service(),
                        client.clientId(),
                        group,
                        topic,
                        partition,
                        batch.flip(),
                        startNanos,
                        endNanos,
                        errorCode,
                        offset,
                        (int) records));
    }
}
