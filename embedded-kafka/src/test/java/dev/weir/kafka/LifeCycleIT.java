package dev.weir.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster leaves behind: nothing, or its data where the caller wanted it. */
class LifeCycleIT {
    /** Of this process; others run clusters, too. */
    private static final String OWN = "weir-kafka-" + ProcessHandle.current().pid() + "-";

    @Test
    void keepsDataInTheGivenDirectory(@TempDir Path dir) throws Exception {
        String clusterId;
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().dataDir(dir).start()) {
            clusterId = kafka.clusterId();
            kafka.createTopic("orders", 1);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", kafka.bootstrap()), new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("orders", "k", "kept")).get(60, TimeUnit.SECONDS);
            }
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().dataDir(dir).start();
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", kafka.bootstrap(),
                                "group.id", "readers",
                                "group.protocol", "consumer",
                                "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            assertThat(kafka.clusterId()).isEqualTo(clusterId);
            consumer.subscribe(List.of("orders"));
            List<String> values = new ArrayList<>();
            await().pollInSameThread().atMost(60, TimeUnit.SECONDS).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(kept -> values.add(kept.value()));
                return !values.isEmpty();
            });
            assertThat(values).containsExactly("kept");
        }
    }

    @Test
    void leavesNoThreadAndNoFile() throws IOException {
        Set<Path> dirsBefore = temporaryDirs();
        Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

        EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(2).start();
        kafka.createTopic("orders", 1);
        kafka.close();
        kafka.close();

        assertThat(temporaryDirs()).isEqualTo(dirsBefore);
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> !threadsBefore.contains(thread))
                                .map(Thread::getName)
                                .filter(name -> !name.startsWith("awaitility"))
                                // of the metrics library; the first cluster of a JVM starts them for all
                                .filter(name -> !name.startsWith("metrics-meter-tick-thread")))
                        .isEmpty());
    }

    @Test
    void portInUseIsSaidAndNothingIsLeft() throws IOException {
        Set<Path> dirsBefore = temporaryDirs();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ClientListener listener = ClientListener.plaintext("PLAINTEXT").withFirstPort(taken.getLocalPort());

            assertThatThrownBy(() -> EmbeddedKafka.builder().listener(listener).start())
                    .isInstanceOf(EmbeddedKafkaException.class)
                    .hasMessageContaining(":" + taken.getLocalPort());
        }
        assertThat(temporaryDirs()).isEqualTo(dirsBefore);
    }

    private static Set<Path> temporaryDirs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(OWN))
                    .collect(Collectors.toSet());
        }
    }
}
