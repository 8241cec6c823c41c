package dev.weir.proxy.mirror;

import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.upstream.BrokerClient;
import dev.weir.proxy.upstream.UpstreamException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Weir's own connection to one broker, for produce requests: opened when it is first needed, and again after it broke. The sender's
 * event loop only.
 */
final class BrokerLine {
    /** So many requests are on their way at a time, as with Kafka's own producer. */
    private static final int REQUESTS_MAX = 5;

    private static final long ANSWER_MILLIS_MAX = 15_000;
    private static final short VERSION_MAX = 9;
    /** Of brokers that have not said what they speak: that of Kafka 2.1, the first with zstd. */
    private static final short VERSION_UNKNOWN = 7;

    private final Vertx vertx;
    private final Context context;
    private final Cluster cluster;
    private final int nodeId;
    private final Set<TargetTopic.Queue> ready = new LinkedHashSet<>();
    private @Nullable BrokerClient client;
    private boolean connecting;
    private boolean closed;
    private int requests;
    /** Until when the broker reads nothing more, by its quotas (KIP-219). */
    private long throttledUntilNanos = System.nanoTime();

    BrokerLine(Vertx vertx, Context context, Cluster cluster, int nodeId) {
        this.vertx = vertx;
        this.context = context;
        this.cluster = cluster;
        this.nodeId = nodeId;
    }

    /** Partitions that it leads, and that have something to send: the one that waits longest first. */
    Set<TargetTopic.Queue> ready() {
        return ready;
    }

    boolean hasRoom() {
        return !connecting && requests < REQUESTS_MAX && throttledMillis() == 0;
    }

    /** For how long the broker wants nothing more. */
    long throttledMillis() {
        long nanos = throttledUntilNanos - System.nanoTime();
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    /** Fails when the broker cannot be reached, or does not answer; nobody knows then whether it took what was sent. */
    Future<ProduceResponseData> send(ProduceRequestData request) {
        requests++;
        Promise<ProduceResponseData> answered = Promise.promise();
        BrokerClient open = client;
        if (open != null && !open.isClosed()) {
            send(open, request, answered);
        } else {
            connect(broker -> send(broker, request, answered), answered::fail);
        }
        return answered.future().onComplete(done -> requests--);
    }

    private void send(BrokerClient broker, ProduceRequestData request, Promise<ProduceResponseData> answered) {
        Patience patience = new Patience(broker, answered);
        broker.send(ApiKeys.PRODUCE, version(), request, ProduceResponseData.class)
                .onComplete(answer -> {
                    patience.end();
                    if (answer.succeeded()) {
                        throttledUntilNanos = System.nanoTime()
                                + TimeUnit.MILLISECONDS.toNanos(answer.result().throttleTimeMs());
                        answered.tryComplete(answer.result());
                    } else {
                        answered.tryFail(answer.cause());
                    }
                });
    }

    /** Waits for one answer: so long, and longer where the broker has said that it takes its time. */
    private final class Patience {
        private final BrokerClient broker;
        private final Promise<ProduceResponseData> answered;
        private long timer;

        Patience(BrokerClient broker, Promise<ProduceResponseData> answered) {
            this.broker = broker;
            this.answered = answered;
            timer = begin();
        }

        private long begin() {
            return vertx.setTimer(ANSWER_MILLIS_MAX + throttledMillis(), tick -> {
                if (throttledMillis() > 0) {
                    timer = begin();
                    return;
                }
                answered.tryFail(new UpstreamException(
                        UpstreamFailure.TIMEOUT,
                        "broker " + nodeId + " of cluster " + cluster.name() + " does not answer"));
                broker.close();
            });
        }

        void end() {
            vertx.cancelTimer(timer);
        }
    }

    private void connect(Consumer<BrokerClient> then, Consumer<Throwable> failed) {
        Endpoint endpoint = cluster.state().brokers().get(nodeId);
        if (endpoint == null) {
            failed.accept(new UpstreamException(
                    UpstreamFailure.CONNECT, "cluster " + cluster.name() + " has no broker " + nodeId + " now"));
            return;
        }
        connecting = true;
        cluster.connector()
                .connectClient(endpoint)
                .onComplete(opened -> context.runOnContext(ignored -> {
                    connecting = false;
                    if (opened.failed()) {
                        failed.accept(opened.cause());
                    } else if (closed) {
                        opened.result().close();
                        failed.accept(new UpstreamException(UpstreamFailure.CLOSED, "closed"));
                    } else {
                        client = opened.result();
                        then.accept(opened.result());
                    }
                }));
    }

    private short version() {
        ApiVersionsResponseData known = cluster.state().versions().get(nodeId);
        ApiVersion produce = known == null ? null : known.apiKeys().find(ApiKeys.PRODUCE.id);
        return produce == null ? VERSION_UNKNOWN : (short) Math.min(VERSION_MAX, produce.maxVersion());
    }

    void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
