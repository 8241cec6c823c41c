package dev.weir.topology.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The audit of a real Kafka, page by page. */
class AuditReaderIT {
    private static final String TOPIC = ReportTopic.AUDIT.topicName();
    private static final int PARTITIONS = 3;

    @TempDir
    private Path folder;

    private static void report(KafkaProducer<byte[], byte[]> producer, int partition, String principal)
            throws Exception {
        Audit.Builder audit = Audit.newBuilder().setKind(Audit.Kind.LOG_IN).setCount(1);
        audit.getClientBuilder().setPrincipal(principal);
        producer.send(new ProducerRecord<>(TOPIC, partition, null, audit.build().toByteArray()))
                .get();
    }

    @Test
    void whoAsksPutsNothingOfKafkasClientIntoTheLog() throws Exception {
        Logger kafkas = (Logger) LoggerFactory.getLogger("org.apache.kafka.clients.consumer");
        Level before = kafkas.getLevel();
        kafkas.setLevel(Level.WARN); // tests have it off
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        kafkas.addAppender(lines);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                AuditReader reader = new AuditReader(new StreamSettings(
                        Map.of("bootstrap.servers", kafka.bootstrap()),
                        StreamSettings.PREFIX + "audit-reader",
                        "one",
                        folder))) {
            kafka.createTopic(TOPIC, PARTITIONS);
            for (int i = 0; i < PARTITIONS; i++) {
                report(producer, i, "User:" + i);
            }
            Pages pages = new Pages(reader);
            assertThat(pages.all()).containsExactlyInAnyOrder("User:0", "User:1", "User:2");

            report(producer, 1, "User:later");
            assertThat(pages.all()).containsExactly("User:later");
        } finally {
            kafkas.detachAppender(lines);
            kafkas.setLevel(before);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(message -> message.contains("high watermark"))
                .isEmpty();
    }

    /** Asks on: what cannot be read in the time of one question is left for the next. */
    private static final class Pages {
        private final AuditReader reader;
        private String after = "";

        Pages(AuditReader reader) {
            this.reader = reader;
        }

        /** Principals of all there is now since the last time. */
        List<String> all() {
            List<String> all = new ArrayList<>();
            AuditPage page;
            do {
                page = reader.read(new AuditQuery(0, "", Set.of(), 10, after));
                page.entries().forEach(entry -> all.add(entry.principal()));
                after = page.next();
            } while (page.more());
            return all;
        }
    }
}
