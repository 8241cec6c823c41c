package dev.weir.proxy.equivalence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/** What the cluster holds, in words, by the name of the resource: what requests left behind. Asked of the broker itself. */
final class Effects {
    private final Admin admin;
    private final Map<String, String> found = new TreeMap<>();

    private Effects(Admin admin) {
        this.admin = admin;
    }

    static Map<String, String> of(Admin admin) throws Exception {
        Effects effects = new Effects(admin);
        effects.topics();
        effects.groups();
        effects.users();
        return effects.found;
    }

    /** The resources of one scene, with its token taken out of what is said of them. */
    static Map<String, String> in(Map<String, String> all, String token) {
        Map<String, String> own = new TreeMap<>();
        all.forEach((name, what) -> {
            if (name.endsWith("-" + token)) {
                own.put(name.replace(token, "#"), what.replace(token, "#"));
            }
        });
        return own;
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private void topics() throws Exception {
        Collection<TopicDescription> topics = get(admin.describeTopics(
                                get(admin.listTopics().names()))
                        .allTopicNames())
                .values();
        Set<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
        Map<TopicPartition, ListOffsetsResultInfo> first =
                get(admin.listOffsets(each(partitions, OffsetSpec.earliest())).all());
        Map<TopicPartition, ListOffsetsResultInfo> last =
                get(admin.listOffsets(each(partitions, OffsetSpec.latest())).all());
        Map<ConfigResource, Config> configs = get(admin.describeConfigs(topics.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                        .toList())
                .all());
        for (TopicDescription topic : topics) {
            List<String> offsets = new ArrayList<>();
            for (int i = 0; i < topic.partitions().size(); i++) {
                TopicPartition partition = new TopicPartition(topic.name(), i);
                offsets.add(first.get(partition).offset() + ".."
                        + last.get(partition).offset());
            }
            found.put(
                    "topic " + topic.name(),
                    offsets + " " + dynamic(configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))));
        }
    }

    private static <T> Map<TopicPartition, T> each(Set<TopicPartition> partitions, T value) {
        return partitions.stream().collect(Collectors.toMap(Function.identity(), any -> value));
    }

    private static Set<String> dynamic(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG
                        || entry.source() == ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG)
                .map(entry -> entry.name() + "=" + entry.value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void groups() throws Exception {
        Collection<GroupListing> groups = get(admin.listGroups().all());
        Map<String, ListConsumerGroupOffsetsSpec> withOffsets = new HashMap<>();
        Map<String, ListShareGroupOffsetsSpec> ofShares = new HashMap<>();
        for (GroupListing group : groups) {
            boolean classic = group.type().filter(GroupType.CLASSIC::equals).isPresent();
            found.put("group " + group.groupId(), group.type() + " " + (classic ? group.groupState() : ""));
            if (group.type().filter(GroupType.SHARE::equals).isEmpty()) {
                withOffsets.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
            } else {
                ofShares.put(group.groupId(), new ListShareGroupOffsetsSpec());
            }
        }
        get(admin.listShareGroupOffsets(ofShares).all()).forEach((group, offsets) -> {
            Set<String> all = new TreeSet<>();
            offsets.forEach(
                    (partition, offset) -> all.add(partition + "=" + (offset == null ? "none" : offset.startOffset())));
            found.merge("group " + group, all.toString(), (listing, more) -> listing + " " + more);
        });
        get(admin.listConsumerGroupOffsets(withOffsets).all()).forEach((group, offsets) -> {
            Set<String> all = new TreeSet<>();
            offsets.forEach(
                    (partition, offset) -> all.add(partition + "=" + (offset == null ? "none" : offset.offset())));
            found.merge("group " + group, all.toString(), (listing, more) -> listing + " " + more);
        });
        get(admin.listTransactions().all())
                .forEach(transaction -> found.put(
                        "transactional id " + transaction.transactionalId(),
                        transaction.state().toString()));
    }

    private void users() throws Exception {
        get(admin.describeAcls(AclBindingFilter.ANY).values())
                .forEach(acl ->
                        found.put("acl " + acl.pattern().name(), acl.entry().toString()));
        get(admin.describeClientQuotas(ClientQuotaFilter.all()).entities())
                .forEach((entity, quota) -> entity.entries()
                        .forEach((type, name) -> found.put("quota of " + type + " " + name, quota.toString())));
        get(admin.describeUserScramCredentials().all())
                .forEach((user, scram) ->
                        found.put("scram " + user, scram.credentialInfos().toString()));
    }
}
