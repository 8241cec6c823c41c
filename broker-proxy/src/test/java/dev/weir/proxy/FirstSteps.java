package dev.weir.proxy;

import dev.weir.testkit.net.RawKafkaConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.serialization.StringSerializer;

/** What shows that a client is in: the topics that it sees, and a record that it writes. */
final class FirstSteps {
    private static final short METADATA_VERSION = 12;

    private FirstSteps() {}

    static List<String> topics(RawKafkaConnection client) {
        return client
                .request(new MetadataRequestData().setTopics(null), METADATA_VERSION)
                .as(MetadataResponseData.class)
                .topics()
                .stream()
                .map(topic -> topic.name())
                .toList();
    }

    static void produce(Map<String, Object> client, String topic) throws Exception {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("enable.idempotence", false);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "a record")).get(30, TimeUnit.SECONDS);
        }
    }
}
