package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.testkit.await.Patience;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a proxy says of its mirrors while policy changes. */
class MirrorReportsIT {
    private static final String CLIENTS = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: shop}
            spec: {identities: [{anonymous: true}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: all}
            spec: {topics: ["*"], rules: [{id: write, allow: [produce], services: [shop]}]}
            """;

    private static PolicySnapshot mirror(String to) {
        return TestPolicy.yaml(CLIENTS + """
                ---
                apiVersion: weir.dev/v1
                kind: Mirror
                metadata: {name: copies}
                spec: {topics: [orders], to: {topic: "%s"}, create: {}}
                """.formatted(to));
    }

    @Test
    void theReportSaysWhichMirrorsPolicyHasNoMore() throws Exception {
        try (EmbeddedKafka kafka =
                        EmbeddedKafka.builder().autoCreateTopics(false).start();
                ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                        .policy(mirror("copy.{topic}"))
                        .reports(settings -> settings.withTimes(100, 5_000))
                        .start();
                ReportedRecords reported = new ReportedRecords(kafka.bootstrap());
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", weir.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            kafka.createTopic("orders", 1);
            producer.send(new ProducerRecord<>("orders", "k", "v")).get();
            awaitPast(reported, Map.of("copy.orders", false));
            weir.policy(mirror("other.{topic}"));
            producer.send(new ProducerRecord<>("orders", "k", "v")).get();
            awaitPast(reported, Map.of("copy.orders", true, "other.orders", false));
            weir.policy(TestPolicy.yaml(CLIENTS));
            awaitPast(reported, Map.of("copy.orders", true, "other.orders", true));
            weir.policy(mirror("copy.{topic}"));
            awaitPast(reported, Map.of("copy.orders", false, "other.orders", true));
        }
    }

    /** @param expected by target topic, in the newest report */
    private static void awaitPast(ReportedRecords reported, Map<String, Boolean> expected) {
        Patience.awaitSettled().untilAsserted(() -> {
            List<ProxyReport> all = reported.poll().proxies();
            assertThat(all).isNotEmpty();
            assertThat(all.get(all.size() - 1).getMirrorsList().stream()
                            .collect(Collectors.toMap(ProxyReport.Mirror::getTargetTopic, ProxyReport.Mirror::getPast)))
                    .isEqualTo(expected);
        });
    }
}
