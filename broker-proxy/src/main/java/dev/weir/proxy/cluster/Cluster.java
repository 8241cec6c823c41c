package dev.weir.proxy.cluster;

import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.log.Repetition;
import dev.weir.proxy.canary.ClusterCanaries;
import dev.weir.proxy.canary.group.CanaryGroups;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.deadletter.DeadLetterStore;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.upstream.UpstreamConnector;
import dev.weir.proxy.wire.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one cluster: asks a broker, once a second, who the brokers are, and, less often, which topics there are. Its
 * work happens on an event loop of its own; {@link #state()} and {@link #topics()} are for any thread.
 *
 * <p>When no broker answers, the last picture stays: clients may still reach brokers that Weir's own questions did not.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private static final long BROKERS_EVERY_MILLIS = 1_000;

    /** How long clients wait until it is known which canaries have begun: then something is wrong with their log, and not everybody is to wait for it. */
    private static final long CANARIES_MILLIS = 10_000;

    private static final long VERSIONS_EVERY_MILLIS = 60_000;
    private static final long VERSIONS_RETRY_MILLIS = 3_000;
    private static final int FAILURES_MAX = 16;
    /** Vert.x counts from 0. */
    private static final long NO_TIMER = -1;

    private final ClusterConfig config;
    private final Vertx vertx;
    private final Context context;
    private final UpstreamConnector connector;
    private final ClusterClient client;
    private final AutoCreateSetting autoCreate;
    private final TopicFollower topics;
    private final CanaryLogQuestion canaryLog;
    private final DeadLetterStore deadLetters;
    private final ClusterCanaries canaries;
    private final CanaryGroups canaryGroups;
    private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();

    private volatile ClusterState state = ClusterState.UNKNOWN;
    private volatile boolean served;
    private volatile @Nullable String lastError = "no broker has answered yet";

    // event loop only
    private final Map<Integer, Long> versionsAskedAtMillis = new HashMap<>();
    private final Repetition failures = new Repetition(FAILURES_MAX);
    private boolean polling;
    private boolean closed;
    private long timer = NO_TIMER;
    /** Until nobody waits for canaries any more. */
    private long patience = NO_TIMER;

    /**
     * Makes one; it follows nothing until it is started.
     *
     * @param handshakes does the arithmetic of TLS handshakes with its brokers
     */
    public Cluster(Vertx vertx, ClusterConfig config, MessageCodec codec, Handshakes handshakes) {
        this.vertx = vertx;
        this.config = config;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.connector = new UpstreamConnector(vertx, config, codec, handshakes);
        this.client = new ClusterClient(connector, this::bootstrapCandidates);
        this.autoCreate = new AutoCreateSetting(client);
        this.topics = new TopicFollower(client, () -> autoCreate.refreshIfDue(state.brokers()));
        this.deadLetters = new DeadLetterStore(config, this::hasTopic, this::refreshTopics);
        this.canaries = new ClusterCanaries(config);
        this.canaryLog = new CanaryLogQuestion(client::metadata, canaries::logIs, Cluster::nowMillis);
        this.canaryGroups = new CanaryGroups(canaries::isOpen, canaries::seed, canaries::seen);
    }

    /**
     * Starts to follow. The future completes with the first answer of a broker, and does not fail.
     *
     * @param isServed whether clients come to it: nobody is told of canaries where none does
     */
    public Future<ClusterState> start(boolean isServed) {
        Promise<ClusterState> first = Promise.promise();
        served = isServed;
        onChange(known -> {
            if (!known.versions().isEmpty()
                    && first.tryComplete(known)
                    && served) { // before, clients could not be told what is spoken here
                patience = vertx.setTimer(CANARIES_MILLIS, over -> canaries.waitNoLonger());
            }
        });
        context.runOnContext(ignored -> {
            poll();
            timer = vertx.setPeriodic(BROKERS_EVERY_MILLIS, tick -> poll());
        });
        return first.future();
    }

    public String name() {
        return config.name();
    }

    public ClusterState state() {
        return state;
    }

    /** Which group of this cluster a member of a canary works in. */
    public CanaryGroups canaryGroups() {
        return canaryGroups;
    }

    public TopicDirectory topics() {
        return topics.directory();
    }

    public UpstreamConnector connector() {
        return connector;
    }

    /** Where records of the cluster are kept that may not go to their own topic. */
    public DeadLetterStore deadLetters() {
        return deadLetters;
    }

    /** Which records of the cluster belong to which side of a canary. */
    public ClusterCanaries canaries() {
        return canaries;
    }

    /**
     * Completes when clients that are connected can be served: it is known which canaries have begun, or that has been waited for long enough. On the
     * caller's event loop.
     */
    public Future<Void> opened() {
        return canaries.isRead()
                ? Future.succeededFuture()
                : Future.fromCompletionStage(
                        canaries.firstRead()
                                .toCompletableFuture()
                                .copy()
                                // the timer begins with the first answer to Weir's own questions, which may not come
                                .completeOnTimeout(null, CANARIES_MILLIS, TimeUnit.MILLISECONDS),
                        vertx.getOrCreateContext());
    }

    public ClusterConfig config() {
        return config;
    }

    /** Why the last question to the cluster failed, or {@code null} when it did not. */
    public @Nullable String lastError() {
        return lastError;
    }

    /** Whether brokers create a topic that is asked for and does not exist; so it is assumed until one has said. */
    public boolean autoCreatesTopics() {
        return autoCreate.isOn();
    }

    /** Calls the listener after each change, on this cluster's event loop. */
    public void onChange(Consumer<ClusterState> listener) {
        listeners.add(listener);
    }

    /** Where a connection to the bootstrap address may go, in order of preference: known brokers, then the configured. */
    public List<Endpoint> bootstrapCandidates() {
        List<Endpoint> candidates = new ArrayList<>(state.brokers().values());
        Collections.shuffle(candidates);
        for (Endpoint endpoint : config.bootstrap()) {
            if (!candidates.contains(endpoint)) {
                candidates.add(endpoint);
            }
        }
        return candidates;
    }

    /** Asks the cluster for topics by id. Completes when asked, whether they exist or not; fails when nobody answers. */
    public Future<Void> resolve(Collection<Uuid> ids) {
        return onLoop(() -> topics.resolve(ids));
    }

    /** Brings {@link #topics()} up to date now; several at a time share one question. */
    public Future<Void> refreshTopics() {
        return onLoop(topics::refresh);
    }

    /** A topic is needed that {@link #topics()} does not know: there it will soon be, if it exists. */
    public void topicMissed() {
        context.runOnContext(ignored -> topics.refreshForMissed());
    }

    /** Asks a broker now about one topic: who leads its partitions, or why nobody can say. Completes on any thread. */
    public Future<MetadataResponseTopic> describe(String topic) {
        return onLoop(() -> client.metadata(new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)))
                        .setAllowAutoTopicCreation(false))
                .compose(answer -> first(answer.topics())));
    }

    /** Makes a topic, unless there is one or the cluster does not let Weir. Completes on any thread. */
    public Future<CreatableTopicResult> create(CreatableTopic topic) {
        return onLoop(() -> client.create(topic).compose(answer -> first(answer.topics())));
    }

    private static <T> Future<T> first(Iterable<T> answers) {
        Iterator<T> all = answers.iterator();
        return all.hasNext()
                ? Future.succeededFuture(all.next())
                : Future.failedFuture("a broker did not answer what it was asked");
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(promise));
        return promise.future();
    }

    private void poll() {
        if (polling || closed) {
            return;
        }
        polling = true;
        client.metadata(new MetadataRequestData().setTopics(List.of()).setAllowAutoTopicCreation(false))
                .compose(this::takeBrokers)
                .compose(ignored -> topics.refreshIfDue())
                .compose(ignored -> served ? canaryLog.ask(hasTopic(ChangeTopics.LOG)) : Future.succeededFuture())
                .onComplete(done -> {
                    polling = false;
                    report(done.cause());
                });
    }

    private boolean hasTopic(String name) {
        return topics.directory().id(name) != null;
    }

    private void report(@Nullable Throwable failure) {
        String error = failure == null ? null : FailureWords.ofItself(failure);
        if (error != null && failures.isNews(error)) {
            LOG.atWarn()
                    .addKeyValue("cluster", config.name())
                    .addKeyValue("reason", error)
                    .log("cluster does not answer");
        } else if (error == null && lastError != null) {
            failures.over();
            LOG.atInfo()
                    .addKeyValue("cluster", config.name())
                    .addKeyValue("brokers", state.brokers())
                    .log("cluster answers");
        }
        lastError = error;
    }

    private Future<Void> takeBrokers(MetadataResponseData response) {
        if (response.brokers().isEmpty()) {
            return Future.failedFuture("the cluster names no broker: its controller has fenced all of them");
        }
        SortedMap<Integer, Endpoint> brokers = new TreeMap<>();
        response.brokers().forEach(broker -> brokers.put(broker.nodeId(), new Endpoint(broker.host(), broker.port())));
        ClusterState before = state;
        if (!brokers.equals(before.brokers())) {
            // at once: a broker that does not answer must not keep back what is known of the others
            Map<Integer, ApiVersionsResponseData> kept = new HashMap<>(before.versions());
            kept.keySet()
                    .removeIf(nodeId -> !Objects.equals(
                            brokers.get(nodeId), before.brokers().get(nodeId)));
            publish(new ClusterState(response.clusterId(), brokers, kept));
        }
        return askVersions(brokers, before).map(versions -> {
            if (!versions.equals(state.versions())) {
                publish(new ClusterState(response.clusterId(), brokers, versions));
            }
            return (Void) null;
        });
    }

    private void publish(ClusterState next) {
        state = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    /** Asks brokers that are new, or have moved, or were asked long ago, which versions they speak. */
    private Future<Map<Integer, ApiVersionsResponseData>> askVersions(
            SortedMap<Integer, Endpoint> brokers, ClusterState before) {
        Map<Integer, ApiVersionsResponseData> versions = new HashMap<>(before.versions());
        versions.keySet().retainAll(brokers.keySet());
        List<Future<?>> questions = new ArrayList<>();
        brokers.forEach((nodeId, endpoint) -> {
            boolean moved = !endpoint.equals(before.brokers().get(nodeId));
            long everyMillis = versions.containsKey(nodeId) ? VERSIONS_EVERY_MILLIS : VERSIONS_RETRY_MILLIS;
            Long askedAtMillis = versionsAskedAtMillis.get(nodeId);
            if (!moved && askedAtMillis != null && nowMillis() - askedAtMillis < everyMillis) {
                return;
            }
            versionsAskedAtMillis.put(nodeId, nowMillis());
            questions.add(client.versions(endpoint)
                    .onSuccess(answer -> versions.put(nodeId, answer))
                    .recover(e -> Future.succeededFuture()));
        });
        return Future.join(questions).map(versions);
    }

    /** A clock for how long ago something was, and for nothing else. */
    static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
            vertx.cancelTimer(patience);
            client.close();
            connector.close();
        });
    }
}
