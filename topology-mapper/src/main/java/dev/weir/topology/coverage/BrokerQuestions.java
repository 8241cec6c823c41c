package dev.weir.topology.coverage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the brokers of one cluster, slowly: a handful of requests for each round, whatever the number of topics. */
final class BrokerQuestions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerQuestions.class);
    static final long TIMEOUT_SECONDS = 15;
    private static final int SETTINGS_ROUNDS = 10;

    private final CoverageSettings settings;
    private final Admin admin;
    private final Map<String, BrokerState.TopicSettings> topicSettings = new HashMap<>();
    private int rounds;

    BrokerQuestions(CoverageSettings settings, Map<String, String> client) {
        this.settings = settings;
        this.admin = Admin.create(new HashMap<>(client));
    }

    BrokerState ask() throws ExecutionException, InterruptedException, TimeoutException, UnseenException {
        long askedMillis = System.currentTimeMillis();
        List<TopicPartition> partitions = partitions();
        Map<TopicPartition, Long> stable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, BrokerState.Log> logs = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, -1L);
            if (end >= 0) {
                // asked one after the other: the end was asked later
                long stableEnd = Math.min(end, stable.getOrDefault(partition, -1L));
                logs.put(partition, new BrokerState.Log(starts.getOrDefault(partition, -1L), stableEnd, end));
            }
        }
        return new BrokerState(askedMillis, Map.copyOf(topicSettings), logs, groups());
    }

    private List<TopicPartition> partitions()
            throws ExecutionException, InterruptedException, TimeoutException, UnseenException {
        Collection<String> names = get(admin.listTopics().names()).stream()
                .filter(name -> !internal(name))
                .sorted()
                .toList();
        Collection<TopicDescription> topics =
                get(admin.describeTopics(names).allTopicNames()).values();
        List<TopicPartition> partitions = new ArrayList<>();
        int leftOut = 0;
        for (TopicDescription topic : topics) {
            if (partitions.size() + topic.partitions().size() > settings.partitionsMax()) {
                leftOut++;
                continue;
            }
            topic.partitions()
                    .forEach(partition -> partitions.add(new TopicPartition(topic.name(), partition.partition())));
        }
        if (leftOut > 0) {
            LOG.atWarn()
                    .addKeyValue("topics", leftOut)
                    .addKeyValue("partitionsMax", settings.partitionsMax())
                    .log("Coverage leaves out topics beyond the limit");
        }
        settingsOf(partitions.stream().map(TopicPartition::topic).distinct().toList());
        return partitions;
    }

    private void settingsOf(List<String> names)
            throws ExecutionException, InterruptedException, TimeoutException, UnseenException {
        topicSettings.keySet().retainAll(names);
        boolean all = rounds++ % SETTINGS_ROUNDS == 0;
        List<ConfigResource> asked = names.stream()
                .filter(name -> all || !topicSettings.containsKey(name))
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        if (asked.isEmpty()) {
            return;
        }
        List<String> unseen = new ArrayList<>();
        for (var answer : admin.describeConfigs(asked).values().entrySet()) {
            String name = answer.getKey().name();
            try {
                topicSettings.put(name, settingsOf(get(answer.getValue())));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
                topicSettings.remove(name); // asked for again in the next round
                unseen.add(name);
            }
        }
        if (!unseen.isEmpty()) {
            throw UnseenException.settingsOf(unseen);
        }
    }

    private static BrokerState.TopicSettings settingsOf(Config config) {
        String policy = value(config, "cleanup.policy", "delete");
        boolean deletes = policy.contains("delete");
        long retentionMillis = Long.parseLong(value(config, "retention.ms", "-1"));
        return new BrokerState.TopicSettings(policy.contains("compact"), deletes ? retentionMillis : -1);
    }

    private static String value(Config config, String name, String otherwise) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? otherwise : entry.value();
    }

    private Map<TopicPartition, Long> offsets(
            List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        var result = admin.listOffsets(specs, new ListOffsetsOptions(isolation));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                ListOffsetsResultInfo info = get(result.partitionResult(partition));
                offsets.put(partition, info.offset());
            } catch (ExecutionException e) {
                LOG.atDebug().addKeyValue("partition", partition).setCause(e).log("A partition does not answer");
            }
        }
        return offsets;
    }

    private Map<String, BrokerState.Group> groups() throws ExecutionException, InterruptedException, TimeoutException {
        List<GroupListing> listed = get(admin.listGroups().valid()).stream()
                .filter(group -> !internal(group.groupId()))
                .limit(settings.groupsMax())
                .toList();
        Map<String, ListConsumerGroupOffsetsSpec> consumers = new HashMap<>();
        Map<String, ListShareGroupOffsetsSpec> shares = new HashMap<>();
        for (GroupListing group : listed) {
            if (share(group)) {
                shares.put(group.groupId(), new ListShareGroupOffsetsSpec());
            } else {
                consumers.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
            }
        }
        var committed = admin.listConsumerGroupOffsets(consumers);
        var started = admin.listShareGroupOffsets(shares);
        Map<String, BrokerState.Group> groups = new HashMap<>();
        for (GroupListing group : listed) {
            Map<TopicPartition, BrokerState.Offset> offsets = new HashMap<>();
            try {
                if (share(group)) {
                    get(started.partitionsToOffsetInfo(group.groupId())).forEach((partition, info) -> {
                        if (info != null) {
                            offsets.put(
                                    partition,
                                    new BrokerState.Offset(
                                            info.startOffset(), info.lag().orElse(-1L)));
                        }
                    });
                } else {
                    get(committed.partitionsToOffsetAndMetadata(group.groupId()))
                            .forEach((partition, offset) -> {
                                if (offset != null) {
                                    offsets.put(partition, new BrokerState.Offset(offset.offset(), -1));
                                }
                            });
                }
            } catch (ExecutionException e) {
                LOG.atDebug().addKeyValue("group", group.groupId()).setCause(e).log("A group does not answer");
            }
            offsets.keySet().removeIf(partition -> internal(partition.topic()));
            groups.put(group.groupId(), new BrokerState.Group(protocol(group), state(group), share(group), offsets));
        }
        return groups;
    }

    private static boolean share(GroupListing group) {
        return group.type().equals(Optional.of(GroupType.SHARE));
    }

    private static String protocol(GroupListing group) {
        return group.type()
                .filter(type -> type != GroupType.UNKNOWN)
                .map(Enum::name)
                .orElse("");
    }

    private static String state(GroupListing group) {
        return group.groupState().map(Object::toString).orElse("");
    }

    /** Kafka's own, and Weir's. */
    private static boolean internal(String name) {
        return name.startsWith("__") || name.startsWith("_weir-");
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ZERO);
    }
}
