package dev.weir.proxy;

import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A way of the newest Java client through a {@link ClientsMesh}; its name makes topics and groups of its own. */
record JavaWay(String name, ClientsMesh mesh, ProxyFixture proxy, ClientAccess access) {
    static final Duration POLL = Duration.ofMillis(100);

    /** In plaintext all the way, and with TLS and passwords on both sides. */
    static Stream<JavaWay> through(ClientsMesh mesh) {
        return Stream.of(
                new JavaWay("plain", mesh, mesh.overPlaintext(), mesh.plain(mesh.overPlaintext())),
                new JavaWay("sasl", mesh, mesh.overSaslTls(), mesh.sasl(mesh.overSaslTls())));
    }

    @Override
    public String toString() {
        return name;
    }

    /** Makes a topic of one partition, and gives its name. */
    String topic(String prefix) {
        mesh.kafka().createTopic(prefix + "-" + name, 1);
        return prefix + "-" + name;
    }

    /** The ports that this way's listener has for brokers. */
    Set<Integer> brokerPorts() {
        return new TreeSet<>(proxy.listener(name).brokers().values().stream()
                .map(endpoint -> endpoint.port())
                .toList());
    }

    Map<String, Object> properties(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(access.javaProperties());
        properties.putAll(more);
        return properties;
    }

    Admin admin() {
        return Admin.create(properties(Map.of()));
    }

    KafkaProducer<String, String> producer(Map<String, Object> more) {
        return new KafkaProducer<>(properties(more), new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(String group, Map<String, Object> more) {
        Map<String, Object> properties = properties(more);
        properties.put("group.id", group);
        properties.put("auto.offset.reset", "earliest");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    void produce(String topic, String... values) throws Exception {
        produce(topic, null, values);
    }

    void produce(String topic, Integer partition, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", "zstd"))) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(
                                topic, partition, UUID.randomUUID().toString(), value))
                        .get();
            }
        }
    }

    static List<String> receive(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        Patience.awaitSettled().until(() -> {
            consumer.poll(POLL).forEach(record -> values.add(record.value()));
            return values.size() >= count;
        });
        return values;
    }
}
