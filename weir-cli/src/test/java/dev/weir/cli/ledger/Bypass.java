package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;

import dev.weir.topology.view.Moment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer and a group that go around the mesh: on a topic of their own, and the producer on one that others use, too. */
final class Bypass implements AutoCloseable {
    private static final String OWN = "bypassed";
    private static final String MIXED = "mixed";
    private static final String GROUP = "around";
    /** Rounds of questions to brokers after which proxies that go on as they are can be trusted to have reported all; and one for what was under way. */
    private static final int ROUNDS_MIN = 5;

    private final LedgerMesh mesh;
    private final KafkaProducer<byte[], byte[]> direct;
    private final Map<String, Long> records = new ConcurrentHashMap<>();
    private final TopicPartition partition = new TopicPartition(OWN, 0);
    private final Set<Long> rounds = new HashSet<>();

    Bypass(LedgerMesh mesh) {
        this.mesh = mesh;
        this.direct = new KafkaProducer<>(
                Map.of("bootstrap.servers", mesh.kafka().bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Has the brokers asked of topic and group before there is anything that could be missed. */
    void prepare() throws Exception {
        mesh.kafka().createTopic(OWN, 1);
        commit(0);
        awaitSettled().until(() -> {
            look();
            return mesh.view().groups(Moment.NOW).stream()
                    .anyMatch(group -> group.group().equals(GROUP));
        });
    }

    /** Waits until what is missed counts: of proxies that have only just come, nobody knows whether they reported all. */
    void awaitTrust() {
        awaitSettled().until(() -> {
            look();
            return rounds.size() > ROUNDS_MIN;
        });
    }

    private void look() {
        rounds.add(mesh.view().topology(Moment.NOW).coverage().checkedMillis());
    }

    void send() throws Exception {
        for (String topic : List.of(OWN, OWN, OWN, MIXED)) {
            for (int i = 0; i < 10; i++) {
                direct.send(new ProducerRecord<>(topic, 0, null, new byte[10])).get();
                records.merge(topic, 1L, Long::sum);
            }
        }
        commit(records.get(OWN));
    }

    private void commit(long offset) throws Exception {
        mesh.kafka()
                .admin()
                .alterConsumerGroupOffsets(GROUP, Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    /** Records by topic. */
    Map<String, Long> records() {
        return records;
    }

    /** Offsets that it got on by, by group. */
    Map<String, Long> commits() {
        return Map.of(GROUP, records.get(OWN));
    }

    @Override
    public void close() {
        direct.close();
    }
}
