package dev.weir.proxy.cluster;

import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.upstream.BrokerClient;
import dev.weir.proxy.upstream.UpstreamConnector;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Weir's own questions to the brokers of one cluster. Keeps one connection, to whichever broker took it, for those that
 * any broker can answer. The cluster's event loop only; a question that is not answered in time fails.
 */
final class ClusterClient {
    private static final long REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final short METADATA_VERSION = 12;
    private static final short API_VERSIONS_VERSION = 3;
    private static final short CREATE_TOPICS_VERSION = 5;

    /** From this version on, features whose lowest level is 0 are told too. */
    private static final short ALL_FEATURES_VERSION = 4;

    private static final short DESCRIBE_CONFIGS_VERSION = 4;

    private final UpstreamConnector connector;
    private final Supplier<List<Endpoint>> candidates;
    private @Nullable BrokerClient client;
    private @Nullable Future<BrokerClient> connecting;
    private int nextBroker;

    /**
     * Makes one; it connects when it is first asked.
     *
     * @param candidates brokers to connect to, never none
     */
    ClusterClient(UpstreamConnector connector, Supplier<List<Endpoint>> candidates) {
        this.connector = connector;
        this.candidates = candidates;
    }

    /** Asks any broker. */
    Future<MetadataResponseData> metadata(MetadataRequestData request) {
        return client().compose(broker -> timed(
                        broker.send(ApiKeys.METADATA, METADATA_VERSION, request, MetadataResponseData.class))
                .onFailure(e -> broker.close()));
    }

    /** Has any broker make a topic. */
    Future<CreateTopicsResponseData> create(CreatableTopic topic) {
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(topic);
        CreateTopicsRequestData request =
                new CreateTopicsRequestData().setTopics(topics).setTimeoutMs((int) REQUEST_TIMEOUT_MILLIS);
        return client().compose(broker -> timed(broker.send(
                        ApiKeys.CREATE_TOPICS, CREATE_TOPICS_VERSION, request, CreateTopicsResponseData.class))
                .onFailure(e -> broker.close()));
    }

    /** Asks one broker which versions it speaks. */
    Future<ApiVersionsResponseData> versions(Endpoint endpoint) {
        return connector
                .connectClient(endpoint)
                .compose(broker -> timed(versions(broker)).onComplete(done -> broker.close()))
                .map(answer -> answer.setThrottleTimeMs(0));
    }

    /** First in a version that every broker has; where there is one that tells of more features, in that. */
    private static Future<ApiVersionsResponseData> versions(BrokerClient broker) {
        return versions(broker, API_VERSIONS_VERSION).compose(answer -> {
            ApiVersion own = answer.apiKeys().find(ApiKeys.API_VERSIONS.id);
            return own != null && own.maxVersion() >= ALL_FEATURES_VERSION
                    ? versions(broker, ALL_FEATURES_VERSION)
                    : Future.succeededFuture(answer);
        });
    }

    private static Future<ApiVersionsResponseData> versions(BrokerClient broker, short version) {
        return broker.send(
                ApiKeys.API_VERSIONS,
                version,
                new ApiVersionsRequestData().setClientSoftwareName("weir").setClientSoftwareVersion("0.1"),
                ApiVersionsResponseData.class);
    }

    /** Asks one broker for one of its own settings. */
    Future<DescribeConfigsResponseData> setting(int nodeId, Endpoint endpoint, String name) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName(String.valueOf(nodeId))
                        .setConfigurationKeys(List.of(name))));
        return connector
                .connectClient(endpoint)
                .compose(broker -> timed(broker.send(
                                ApiKeys.DESCRIBE_CONFIGS,
                                DESCRIBE_CONFIGS_VERSION,
                                request,
                                DescribeConfigsResponseData.class))
                        .onComplete(done -> broker.close()));
    }

    private static <T> Future<T> timed(Future<T> future) {
        return future.timeout(REQUEST_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Future<BrokerClient> client() {
        BrokerClient current = client;
        if (current != null && !current.isClosed()) {
            return Future.succeededFuture(current);
        }
        if (connecting != null) {
            return connecting;
        }
        List<Endpoint> brokers = candidates.get();
        Future<BrokerClient> attempt = connectAny(brokers, nextBroker++, brokers.size())
                .onSuccess(found -> client = found)
                .onComplete(done -> connecting = null);
        connecting = attempt.isComplete() ? null : attempt;
        return attempt;
    }

    private Future<BrokerClient> connectAny(List<Endpoint> brokers, int from, int triesLeft) {
        Endpoint candidate = brokers.get(Math.floorMod(from, brokers.size()));
        return connector
                .connectClient(candidate)
                .recover(e -> triesLeft > 1 ? connectAny(brokers, from + 1, triesLeft - 1) : Future.failedFuture(e));
    }

    void close() {
        if (client != null) {
            client.close();
        }
    }
}
