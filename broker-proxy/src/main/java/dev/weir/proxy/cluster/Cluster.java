package dev.weir.proxy.cluster;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.upstream.BrokerClient;
import dev.weir.proxy.upstream.UpstreamConnector;
import dev.weir.proxy.wire.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
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
    private static final long TOPICS_EVERY_MILLIS = 5_000;
    private static final long AUTO_CREATE_EVERY_MILLIS = 60_000;
    private static final long VERSIONS_EVERY_MILLIS = 60_000;
    private static final long VERSIONS_RETRY_MILLIS = 3_000;
    private static final long WARN_EVERY_MILLIS = 60_000;
    private static final long REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final long MISSED_ID_MILLIS = 1_000;
    private static final int MISSED_IDS_MAX = 10_000;
    private static final short METADATA_VERSION = 12;
    private static final short API_VERSIONS_VERSION = 3;

    /** From this version on, features whose lowest level is 0 are told too. */
    private static final short ALL_FEATURES_VERSION = 4;

    private static final short DESCRIBE_CONFIGS_VERSION = 4;
    private static final String AUTO_CREATE = "auto.create.topics.enable";

    private final ClusterConfig config;
    private final Vertx vertx;
    private final Context context;
    private final UpstreamConnector connector;
    private final TopicDirectory topics = new TopicDirectory();
    private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();

    private volatile ClusterState state = ClusterState.UNKNOWN;
    private volatile @Nullable String lastError = "no broker has answered yet";

    private volatile boolean autoCreatesTopics = true;

    // event loop only
    private @Nullable BrokerClient client;
    private @Nullable Future<BrokerClient> connecting;
    private @Nullable Future<Void> topicsRefresh;
    private final Map<Integer, Long> versionsAskedAtMillis = new HashMap<>();
    private long topicsAskedAtMillis;
    private SortedMap<Integer, Endpoint> autoCreateAskedAmong = new TreeMap<>();
    private long autoCreateAskedAtMillis;
    private long warnedAtMillis = now() - WARN_EVERY_MILLIS - 1;

    private final Map<Uuid, Long> missedIdsAtMillis = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Uuid, Long> eldest) {
            return size() > MISSED_IDS_MAX;
        }
    };

    private int nextBroker;
    private boolean polling;
    private boolean closed;
    private long timer;

    public Cluster(Vertx vertx, ClusterConfig config, MessageCodec codec) {
        this.vertx = vertx;
        this.config = config;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.connector = new UpstreamConnector(vertx, config, codec);
    }

    /** Starts to follow. The future completes with the first answer of a broker, and does not fail. */
    public Future<ClusterState> start() {
        Promise<ClusterState> first = Promise.promise();
        onChange(known -> {
            if (!known.versions().isEmpty()) {
                first.tryComplete(known); // before, clients could not be told what is spoken here
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

    public TopicDirectory topics() {
        return topics;
    }

    public UpstreamConnector connector() {
        return connector;
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
        return autoCreatesTopics;
    }

    /** Calls the listener after each change, on this cluster's event loop. */
    public void onChange(Consumer<ClusterState> listener) {
        listeners.add(listener);
    }

    /** Where a connection to the bootstrap address may go, in order of preference: known brokers, then the configured. */
    public List<Endpoint> bootstrapCandidates() {
        List<Endpoint> candidates = new ArrayList<>(state.brokers().values());
        java.util.Collections.shuffle(candidates);
        for (Endpoint endpoint : config.bootstrap()) {
            if (!candidates.contains(endpoint)) {
                candidates.add(endpoint);
            }
        }
        return candidates;
    }

    /** Asks the cluster for topics by id. Completes when asked, whether they exist or not; fails when nobody answers. */
    public Future<Void> resolve(Collection<Uuid> ids) {
        return onLoop(() -> ask(ids.stream().filter(id -> !missedLately(id)).toList()));
    }

    /** An id that nobody knew a moment ago is not asked about again at once. */
    private boolean missedLately(Uuid id) {
        Long missedAtMillis = missedIdsAtMillis.get(id);
        return missedAtMillis != null && now() - missedAtMillis < MISSED_ID_MILLIS;
    }

    private Future<Void> ask(List<Uuid> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false);
        List<MetadataRequestTopic> wanted = new ArrayList<>(ids.size());
        for (Uuid id : ids) {
            wanted.add(new MetadataRequestTopic().setTopicId(id).setName(null));
        }
        request.setTopics(wanted);
        return ask(request).map(response -> {
            for (MetadataResponseTopic topic : response.topics()) {
                if (topic.name() != null && !topic.topicId().equals(Uuid.ZERO_UUID)) {
                    topics.add(new TopicDirectory.Topic(topic.name(), topic.topicId()));
                } else {
                    missedIdsAtMillis.put(topic.topicId(), now());
                }
            }
            return (Void) null;
        });
    }

    /** Brings {@link #topics()} up to date now; several at a time share one question. */
    public Future<Void> refreshTopics() {
        return onLoop(this::askTopics);
    }

    private <T> Future<T> onLoop(java.util.function.Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(promise));
        return promise.future();
    }

    private void poll() {
        if (polling || closed) {
            return;
        }
        polling = true;
        ask(new MetadataRequestData().setTopics(List.of()).setAllowAutoTopicCreation(false))
                .compose(this::takeBrokers)
                .compose(ignored ->
                        now() - topicsAskedAtMillis >= TOPICS_EVERY_MILLIS ? askTopics() : Future.succeededFuture())
                .onComplete(done -> {
                    polling = false;
                    report(done.cause());
                });
    }

    private void report(@Nullable Throwable failure) {
        String error = failure == null ? null : Objects.toString(failure.getMessage(), failure.toString());
        boolean changed = (error == null) != (lastError == null);
        if (changed || (error != null && now() - warnedAtMillis > WARN_EVERY_MILLIS)) {
            if (error != null) {
                warnedAtMillis = now();
                LOG.atWarn()
                        .addKeyValue("cluster", config.name())
                        .addKeyValue("reason", error)
                        .log("cluster does not answer");
            } else {
                LOG.atInfo()
                        .addKeyValue("cluster", config.name())
                        .addKeyValue("brokers", state.brokers())
                        .log("cluster answers");
            }
        }
        lastError = error;
    }

    private Future<Void> takeBrokers(MetadataResponseData response) {
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
            if (!moved && askedAtMillis != null && now() - askedAtMillis < everyMillis) {
                return;
            }
            versionsAskedAtMillis.put(nodeId, now());
            questions.add(connector
                    .connectClient(endpoint)
                    .compose(broker -> timed(askVersions(broker)).onComplete(done -> broker.close()))
                    .onSuccess(answer -> versions.put(nodeId, answer.setThrottleTimeMs(0)))
                    .recover(e -> Future.succeededFuture()));
        });
        return Future.join(questions).map(versions);
    }

    /** First in a version that every broker has; where there is one that tells of more features, in that. */
    private static Future<ApiVersionsResponseData> askVersions(BrokerClient broker) {
        return askVersions(broker, API_VERSIONS_VERSION).compose(answer -> {
            ApiVersion own = answer.apiKeys().find(ApiKeys.API_VERSIONS.id);
            return own != null && own.maxVersion() >= ALL_FEATURES_VERSION
                    ? askVersions(broker, ALL_FEATURES_VERSION)
                    : Future.succeededFuture(answer);
        });
    }

    private static Future<ApiVersionsResponseData> askVersions(BrokerClient broker, short version) {
        return broker.send(
                ApiKeys.API_VERSIONS,
                version,
                new ApiVersionsRequestData().setClientSoftwareName("weir").setClientSoftwareVersion("0.1"),
                ApiVersionsResponseData.class);
    }

    private Future<Void> askTopics() {
        if (topicsRefresh != null) {
            return topicsRefresh;
        }
        topicsAskedAtMillis = now();
        Future<Void> refresh = ask(new MetadataRequestData().setTopics(null).setAllowAutoTopicCreation(false))
                .compose(response -> askAutoCreateIfDue().map(response))
                .map(response -> {
                    List<TopicDirectory.Topic> all =
                            new ArrayList<>(response.topics().size());
                    for (MetadataResponseTopic topic : response.topics()) {
                        if (topic.name() != null) {
                            all.add(new TopicDirectory.Topic(topic.name(), topic.topicId()));
                        }
                    }
                    topics.replace(all);
                    return (Void) null;
                })
                .onComplete(done -> topicsRefresh = null);
        topicsRefresh = refresh.isComplete() ? null : refresh;
        return refresh;
    }

    /** Brokers read the setting when they start: it is asked for when brokers come or go, and now and then. */
    private Future<Void> askAutoCreateIfDue() {
        SortedMap<Integer, Endpoint> brokers = state.brokers();
        boolean lately = now() - autoCreateAskedAtMillis < AUTO_CREATE_EVERY_MILLIS;
        if (brokers.isEmpty() || (lately && brokers.equals(autoCreateAskedAmong))) {
            return Future.succeededFuture();
        }
        return askAutoCreate(brokers)
                .onSuccess(answered -> {
                    autoCreateAskedAmong = brokers;
                    autoCreateAskedAtMillis = now();
                })
                .otherwiseEmpty();
    }

    /** A broker that does not tell is no failure: the last answer stays, and it is asked again. */
    private Future<Void> askAutoCreate(SortedMap<Integer, Endpoint> brokers) {
        Map.Entry<Integer, Endpoint> any = brokers.entrySet().iterator().next();
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName(String.valueOf(any.getKey()))
                        .setConfigurationKeys(List.of(AUTO_CREATE))));
        return connector
                .connectClient(any.getValue())
                .compose(broker -> timed(broker.send(
                                ApiKeys.DESCRIBE_CONFIGS,
                                DESCRIBE_CONFIGS_VERSION,
                                request,
                                DescribeConfigsResponseData.class))
                        .onComplete(done -> broker.close()))
                .onSuccess(response -> response.results()
                        .forEach(result -> result.configs()
                                .forEach(config -> autoCreatesTopics = Boolean.parseBoolean(config.value()))))
                .mapEmpty();
    }

    private Future<MetadataResponseData> ask(MetadataRequestData request) {
        return client().compose(broker -> timed(
                        broker.send(ApiKeys.METADATA, METADATA_VERSION, request, MetadataResponseData.class))
                .onFailure(e -> broker.close()));
    }

    private <T> Future<T> timed(Future<T> future) {
        return future.timeout(REQUEST_TIMEOUT_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    private Future<BrokerClient> client() {
        BrokerClient current = client;
        if (current != null && !current.isClosed()) {
            return Future.succeededFuture(current);
        }
        if (connecting != null) {
            return connecting;
        }
        List<Endpoint> candidates = bootstrapCandidates();
        Future<BrokerClient> attempt = connectAny(candidates, nextBroker++, candidates.size())
                .onSuccess(found -> client = found)
                .onComplete(done -> connecting = null);
        connecting = attempt.isComplete() ? null : attempt;
        return attempt;
    }

    private Future<BrokerClient> connectAny(List<Endpoint> candidates, int from, int triesLeft) {
        Endpoint candidate = candidates.get(Math.floorMod(from, candidates.size()));
        return connector
                .connectClient(candidate)
                .recover(e -> triesLeft > 1 ? connectAny(candidates, from + 1, triesLeft - 1) : Future.failedFuture(e));
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
            if (client != null) {
                client.close();
            }
            connector.close();
        });
    }
}
