package dev.weir.proxy.cluster;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;

/** Keeps a directory of a cluster's topics up to date. The cluster's event loop only, but for {@link #directory()}. */
final class TopicFollower {
    private static final long EVERY_MILLIS = 5_000;
    private static final long MISSED_ID_MILLIS = 1_000;
    private static final long MISSED_NAME_MILLIS = 500;
    private static final int MISSED_IDS_MAX = 10_000;

    private final ClusterClient client;
    private final Supplier<Future<Void>> beforeTopics;
    private final TopicDirectory directory = new TopicDirectory();
    private @Nullable Future<Void> refreshing;
    private long askedAtMillis;
    private boolean known;

    private final Map<Uuid, Long> missedIdsAtMillis = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Uuid, Long> eldest) {
            return size() > MISSED_IDS_MAX;
        }
    };

    /**
     * Makes one; it follows nothing until it is told to.
     *
     * @param beforeTopics what must be known before new topics are
     */
    TopicFollower(ClusterClient client, Supplier<Future<Void>> beforeTopics) {
        this.client = client;
        this.beforeTopics = beforeTopics;
    }

    TopicDirectory directory() {
        return directory;
    }

    /** Whether all topics were told of once. */
    boolean isKnown() {
        return known;
    }

    Future<Void> refreshIfDue() {
        return Cluster.nowMillis() - askedAtMillis >= EVERY_MILLIS ? refresh() : Future.succeededFuture();
    }

    /** Somebody needs what is not known of a topic: what was asked for a moment ago has to do. */
    Future<Void> refreshForMissed() {
        return Cluster.nowMillis() - askedAtMillis >= MISSED_NAME_MILLIS ? refresh() : Future.succeededFuture();
    }

    /** Asks for all topics; several at a time share one question. */
    Future<Void> refresh() {
        if (refreshing != null) {
            return refreshing;
        }
        askedAtMillis = Cluster.nowMillis();
        Future<Void> refresh = client.metadata(
                        new MetadataRequestData().setTopics(null).setAllowAutoTopicCreation(false))
                .compose(response -> beforeTopics.get().map(response))
                .map(response -> {
                    List<TopicDirectory.Topic> all =
                            new ArrayList<>(response.topics().size());
                    for (MetadataResponseTopic topic : response.topics()) {
                        if (topic.name() != null) {
                            all.add(new TopicDirectory.Topic(
                                    topic.name(),
                                    topic.topicId(),
                                    topic.partitions().size()));
                        }
                    }
                    directory.replace(all);
                    known = true;
                    return (Void) null;
                })
                .onComplete(done -> refreshing = null);
        refreshing = refresh.isComplete() ? null : refresh;
        return refresh;
    }

    /** Asks for topics by id. Completes when asked, whether they exist or not; fails when nobody answers. */
    Future<Void> resolve(Collection<Uuid> ids) {
        List<MetadataRequestTopic> wanted = ids.stream()
                .filter(id -> !missedLately(id))
                .map(id -> new MetadataRequestTopic().setTopicId(id).setName(null))
                .toList();
        if (wanted.isEmpty()) {
            return Future.succeededFuture();
        }
        return client.metadata(new MetadataRequestData().setTopics(wanted).setAllowAutoTopicCreation(false))
                .map(response -> {
                    for (MetadataResponseTopic topic : response.topics()) {
                        if (topic.name() != null && !topic.topicId().equals(Uuid.ZERO_UUID)) {
                            directory.add(new TopicDirectory.Topic(
                                    topic.name(),
                                    topic.topicId(),
                                    topic.partitions().size()));
                        } else {
                            missedIdsAtMillis.put(topic.topicId(), Cluster.nowMillis());
                        }
                    }
                    return (Void) null;
                });
    }

    /** An id that nobody knew a moment ago is not asked about again at once. */
    private boolean missedLately(Uuid id) {
        Long missedAtMillis = missedIdsAtMillis.get(id);
        return missedAtMillis != null && Cluster.nowMillis() - missedAtMillis < MISSED_ID_MILLIS;
    }
}
