package dev.weir.proxy;

import static org.awaitility.Awaitility.await;

import dev.weir.kafka.EmbeddedKafka;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Clients that send and close at once, while Weir has yet to connect to the broker. */
class LastWordsIT {
    private static final int CLIENTS = 20;

    @Test
    void whatWasSentBeforeTheCloseArrives() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap()).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            kafka.createTopic("orders", 1);
            for (int i = 0; i < CLIENTS; i++) {
                try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                weir.bootstrap(),
                                "acks",
                                "0",
                                "enable.idempotence",
                                "false",
                                // whoever closes with an answer unread resets the connection, and what it sent last is
                                // gone
                                "enable.metrics.push",
                                "false"),
                        new StringSerializer(),
                        new StringSerializer())) {
                    producer.send(new ProducerRecord<>("orders", 0, "key", "value-" + i));
                }
            }
            TopicPartition partition = new TopicPartition("orders", 0);
            await().until(() -> admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                            .partitionResult(partition)
                            .get()
                            .offset()
                    == CLIENTS);
            await().until(() -> weir.proxy().status().connectionsOpen() == 0);
        }
    }
}
