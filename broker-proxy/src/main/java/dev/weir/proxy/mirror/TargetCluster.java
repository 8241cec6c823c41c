package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.mirror.TargetTopic.Queue;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * The topics and brokers that copies go to: finds who leads a partition, makes topics that are missing where the mirror says so, and
 * produces. What a broker refuses for now is tried again after a while, which grows. The sender's event loop only.
 */
final class TargetCluster {
    private static final int ATTEMPTS_MAX = 10;
    private static final long PAUSE_MILLIS = 100;
    private static final long PAUSE_MILLIS_MAX = 1_000;
    /** How often it is looked for further partitions, and other leaders. */
    private static final long REFRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** For so long it is known of a topic that nothing comes for any more: names that are written to once are not to fill memory. */
    private static final long UNUSED_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Vertx vertx;
    private final Context context;
    private final Cluster cluster;
    private final int deliveryTimeoutMillis;
    private final LongSupplier nanoTime;
    private final Map<String, TargetTopic> topics = new HashMap<>();
    private final Map<Integer, BrokerLine> lines = new HashMap<>();
    private boolean closed;
    private String closedWords = "";

    /**
     * Makes one that knows no topic yet.
     *
     * @param deliveryTimeoutMillis how long a batch may wait
     * @param nanoTime as {@link System#nanoTime}
     */
    TargetCluster(Vertx vertx, Context context, Cluster cluster, int deliveryTimeoutMillis, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.context = context;
        this.cluster = cluster;
        this.deliveryTimeoutMillis = deliveryTimeoutMillis;
        this.nanoTime = nanoTime;
    }

    /** Takes batches over, in order. */
    void add(List<MirrorBatch> batches) {
        Set<BrokerLine> woken = new LinkedHashSet<>();
        for (MirrorBatch batch : batches) {
            String refusal = batch.lane().refusal();
            if (refusal != null) {
                batch.failed(refusal);
                continue;
            }
            TargetTopic topic =
                    topics.computeIfAbsent(batch.lane().targetTopic(), name -> new TargetTopic(name, nanoTime));
            Queue queue = topic.add(batch);
            if (queue == null || queue.batches().isPaused()) {
                find(topic);
            } else {
                offer(queue, woken);
            }
        }
        woken.forEach(this::send);
    }

    private void offer(Queue queue, Set<BrokerLine> woken) {
        if (queue.batches().canSend()) {
            BrokerLine line = lines.computeIfAbsent(
                    queue.batches().leader(), nodeId -> new BrokerLine(vertx, context, cluster, nodeId));
            line.ready().add(queue);
            woken.add(line);
        }
    }

    // ---- who leads

    /** Asks who leads the topic's partitions, unless somebody does, or is about to; of a cluster that answers nobody it is of no use. */
    private void find(TargetTopic topic) {
        if (topic.isBusy() || closed) {
            return;
        }
        if (topic.isUnknown() && isUnreachable()) {
            later(topic, PAUSE_MILLIS_MAX);
            return;
        }
        topic.asks();
        ask(topic).onComplete(answer -> context.runOnContext(ignored -> found(topic, answer)));
    }

    private Future<MetadataResponseTopic> ask(TargetTopic topic) {
        MirrorBatch first = topic.firstUnplaced();
        Mirroring.Creation creation =
                first == null ? null : first.lane().mirroring().create();
        return cluster.describe(topic.name()).compose(described -> {
            if (creation == null
                    || first == null
                    || described.errorCode() != Errors.UNKNOWN_TOPIC_OR_PARTITION.code()) {
                return Future.succeededFuture(described);
            }
            int partitions = creation.partitions() > 0
                    ? creation.partitions()
                    : first.lane().partitions();
            if (partitions == 0) {
                // the topic that is mirrored is new, and known within seconds; until then its copies wait
                return Future.failedFuture("it is not known yet how many partitions there are to be");
            }
            return cluster.create(new CreatableTopic()
                            .setName(topic.name())
                            .setNumPartitions(partitions)
                            .setReplicationFactor(
                                    (short) (creation.replicationFactor() > 0 ? creation.replicationFactor() : -1)))
                    .compose(created -> refuses(Errors.forCode(created.errorCode()))
                            ? Future.succeededFuture(described.setErrorCode(created.errorCode()))
                            : cluster.describe(topic.name()));
        });
    }

    private static boolean refuses(Errors creation) {
        return creation != Errors.NONE && creation != Errors.TOPIC_ALREADY_EXISTS;
    }

    private void found(TargetTopic topic, AsyncResult<MetadataResponseTopic> answer) {
        if (closed) {
            topic.end(closedWords);
            return;
        }
        if (answer.failed()) {
            // the time that a batch may wait is what bounds it
            findLater(topic, topic.failed(TargetErrors.words(answer.cause())));
            return;
        }
        Errors error = Errors.forCode(answer.result().errorCode());
        if (error != Errors.NONE || answer.result().partitions().isEmpty()) {
            refused(topic, error);
            return;
        }
        topic.learn(answer.result());
        Set<BrokerLine> woken = new LinkedHashSet<>();
        notReady(topic);
        topic.queues().forEach(queue -> offer(queue, woken));
        woken.forEach(this::send);
        findLater(topic, 0); // a partition without a leader, as while one is elected
    }

    private void refused(TargetTopic topic, Errors error) {
        int refusals = topic.refused();
        if (refusals >= ATTEMPTS_MAX || !TargetErrors.isRetriable(error)) {
            topic.giveUp(TargetErrors.words(error, topic.name()));
        } else {
            findLater(topic, refusals);
        }
        if (error == Errors.UNKNOWN_TOPIC_OR_PARTITION && topic.forget()) {
            notReady(topic);
        }
    }

    private void notReady(TargetTopic topic) {
        lines.values().forEach(line -> line.ready().removeIf(queue -> queue.topic() == topic));
    }

    private boolean isUnreachable() {
        return cluster.lastError() != null;
    }

    private void findLater(TargetTopic topic, int failures) {
        later(topic, Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(failures, 10)));
    }

    private void later(TargetTopic topic, long pauseMillis) {
        if (topic.needsLeaders() && topic.pauses()) {
            vertx.setTimer(pauseMillis, tick -> {
                topic.paused();
                if (topic.needsLeaders()) {
                    find(topic);
                }
            });
        }
    }

    // ---- producing

    private void send(BrokerLine line) {
        while (line.hasRoom() && !line.ready().isEmpty() && !closed) {
            ProduceBatches request = ProduceBatches.of(line.ready());
            if (request.isEmpty()) {
                return;
            }
            line.send(request.request()).onComplete(answer -> {
                if (answer.succeeded()) {
                    request.answered(answer.result(), ATTEMPTS_MAX);
                } else {
                    request.lost(TargetErrors.words(answer.cause()), ATTEMPTS_MAX);
                }
                goOn(request, line);
            });
        }
    }

    private void goOn(ProduceBatches request, BrokerLine line) {
        Set<BrokerLine> woken = new LinkedHashSet<>(List.of(line));
        for (Queue queue : request.queues()) {
            if (closed) {
                queue.batches().end(batch -> batch.dropped(closedWords));
            } else if (queue.batches().settle()) {
                line.ready().remove(queue);
                findLater(queue.topic(), 1);
            } else {
                offer(queue, woken);
            }
        }
        woken.forEach(this::send);
        long throttledMillis = line.throttledMillis();
        if (throttledMillis > 0) {
            vertx.setTimer(throttledMillis, tick -> send(line));
        }
    }

    /** Gives up what has waited for too long, looks for what has changed, and forgets what nobody writes to. */
    void sweep() {
        long nowNanos = nanoTime.getAsLong();
        for (TargetTopic topic : new ArrayList<>(topics.values())) {
            topic.expire(deliveryTimeoutMillis, this::isUnreachable);
            if (topic.isUnused(UNUSED_NANOS)) {
                topics.remove(topic.name());
                notReady(topic);
            } else if (nowNanos - topic.askedNanos() > REFRESH_NANOS
                    && !topic.queues().isEmpty()) {
                find(topic);
            }
        }
    }

    /** Names of topics that are in memory. */
    Set<String> topics() {
        return Set.copyOf(topics.keySet());
    }

    /** Drops everything that waits. What is on its way ends with its connection. */
    void close(String words) {
        closed = true;
        closedWords = words;
        topics.values().forEach(topic -> topic.end(words));
        lines.values().forEach(BrokerLine::close);
    }
}
