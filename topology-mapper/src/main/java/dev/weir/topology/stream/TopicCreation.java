package dev.weir.topology.stream;

import dev.weir.mesh.report.ReportTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates what is missing of the report topics and {@link StateTopic}. What is there stays as it is. */
final class TopicCreation {
    private static final int REPLICAS_MAX = 3;
    private static final long TIMEOUT_SECONDS = 15;

    private TopicCreation() {}

    /** How many replicas topics of the mesh get: as many as there are brokers, at most three. */
    static short create(Admin admin) throws ExecutionException, TimeoutException, InterruptedException {
        int brokers = await(admin.describeCluster().nodes()).size();
        short replicas = (short) Math.max(1, Math.min(REPLICAS_MAX, brokers));
        Set<String> existing = await(admin.listTopics().names());
        List<NewTopic> missing = new ArrayList<>();
        for (ReportTopic topic : ReportTopic.all()) {
            missing.add(topic(topic.topicName(), ReportTopic.PARTITIONS, replicas, topic.settings()));
        }
        missing.add(topic(StateTopic.NAME, StateTopic.PARTITIONS, replicas, StateTopic.SETTINGS));
        missing.removeIf(topic -> existing.contains(topic.name()));
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            try {
                await(created);
            } catch (ExecutionException e) {
                // a proxy or another instance was faster
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        return replicas;
    }

    private static NewTopic topic(String name, int partitions, short replicas, Map<String, String> settings) {
        return new NewTopic(name, partitions, replicas).configs(settings);
    }

    private static <T> T await(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
