package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.telemetry.ReportMetrics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The cluster that holds the reports goes away and comes back, while another one serves clients. */
class ReportsOutageIT {
    private static final int INTERVAL_MILLIS = 50;
    private static final int DELIVERY_TIMEOUT_MILLIS = 5_000;

    @Test
    void clientsDoNotNoticeAndReportsAreDroppedAndCounted() throws Exception {
        try (EmbeddedKafka traffic = EmbeddedKafka.start();
                EmbeddedKafka home = EmbeddedKafka.start();
                ReportedRecords reported = outage(traffic, home)) {
            Awaitility.await().until(() -> reported.poll().proxies().stream().anyMatch(ProxyReport::getStopping));
        }
    }

    /** Gives what was reported when the proxy has stopped. */
    private static ReportedRecords outage(EmbeddedKafka traffic, EmbeddedKafka home) throws Exception {
        try (ProxyFixture weir = ProxyFixture.inFrontOf(traffic.bootstrap())
                        .reports(settings -> ReportSettings.of(
                                        cluster(home), settings.proxyName(), settings.weirVersion(), settings.policy())
                                .withTimes(INTERVAL_MILLIS, DELIVERY_TIMEOUT_MILLIS))
                        .start();
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", weir.bootstrap(), "max.block.ms", 5_000),
                        new StringSerializer(),
                        new StringSerializer())) {
            ReportMetrics metrics = weir.metrics().reports();
            traffic.createTopic("orders", 1);
            Awaitility.await().until(() -> produced(producer) && metrics.reportsSent() > 10);
            assertThat(home.admin().listTopics().names().get())
                    .contains(ReportTopic.all().stream()
                            .map(ReportTopic::topicName)
                            .toArray(String[]::new));
            assertThat(metrics.reportsDropped()).isZero();

            home.stopBroker(1);
            Awaitility.await().until(() -> produced(producer) && metrics.reportsDropped() > 0);

            home.startBroker(1);
            long before = metrics.reportsSent();
            Awaitility.await().until(() -> produced(producer) && metrics.reportsSent() > before + 10);
        }
        return new ReportedRecords(home.bootstrap());
    }

    private static boolean produced(KafkaProducer<String, String> producer) throws Exception {
        return producer.send(new ProducerRecord<>("orders", "key", "value"))
                .get()
                .hasOffset();
    }

    private static ClusterConfig cluster(EmbeddedKafka kafka) {
        String[] bootstrap = kafka.bootstrap().split(":", 2);
        return new ClusterConfig(
                "home", List.of(new Endpoint(bootstrap[0], Integer.parseInt(bootstrap[1]))), null, null);
    }
}
