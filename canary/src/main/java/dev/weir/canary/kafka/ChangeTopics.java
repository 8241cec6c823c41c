package dev.weir.canary.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the protocol, and the names that its clients have in Kafka. All begin with {@code _weir-}: no client of Weir's may name them. */
public final class ChangeTopics {
    /** The log of changes: one partition, whose order is what the protocol stands on. Of what is old the last of each key is kept. */
    public static final String LOG = "_weir-canary";

    /** What proxies tell the controller; only what is new matters. */
    public static final String BEATS = "_weir-canary-beats";

    /** Which clients are in which groups, as proxies tell each other. Told again often enough that nobody needs what is older. */
    public static final String MEMBERS = "_weir-canary-members";

    /** All of {@link #LOG}. */
    static final TopicPartition LOG_PARTITION = new TopicPartition(LOG, 0);

    /** Whoever of this group has the partition of {@link #BEATS} is the controller. */
    static final String CONTROLLER_GROUP = "_weir-canary-controller";

    /** Fences every controller but the last. */
    static final String CONTROLLER_TRANSACTIONAL_ID = "_weir-canary-controller";

    private static final int REPLICAS_MAX = 3;

    private ChangeTopics() {}

    /**
     * Creates what is missing.
     *
     * @throws KafkaException when brokers cannot be asked, or will not
     */
    static void create(Admin admin) throws InterruptedException {
        try {
            int brokers = admin.describeCluster().nodes().get().size();
            Set<String> names = admin.listTopics().names().get();
            short replicas = (short) Math.max(1, Math.min(REPLICAS_MAX, brokers));
            List<NewTopic> missing = new ArrayList<>();
            if (!names.contains(LOG)) {
                missing.add(new NewTopic(LOG, 1, replicas)
                        .configs(Map.of(
                                "cleanup.policy",
                                "compact",
                                "min.compaction.lag.ms", // nobody takes so long to read it
                                "3600000",
                                "segment.bytes", // there is an answer to beats every second, and each reader begins at
                                // the beginning
                                "8388608",
                                "segment.ms",
                                "21600000",
                                "unclean.leader.election.enable",
                                "false")));
            }
            if (!names.contains(BEATS)) {
                missing.add(new NewTopic(BEATS, 1, replicas)
                        .configs(Map.of("cleanup.policy", "delete", "retention.ms", "600000", "segment.ms", "600000")));
            }
            if (!names.contains(MEMBERS)) {
                missing.add(new NewTopic(MEMBERS, 1, replicas)
                        .configs(
                                Map.of("cleanup.policy", "delete", "retention.ms", "3600000", "segment.ms", "600000")));
            }
            for (var created : admin.createTopics(missing).values().values()) {
                try {
                    created.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) { // somebody was faster
                        throw e;
                    }
                }
            }
        } catch (ExecutionException e) {
            throw new KafkaException("the topics of canaries cannot be created", e.getCause());
        }
    }
}
