package dev.weir.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerRunIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(2).start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void nothingIsLostWhileBrokersGoAndCome() {
        kafka.createTopic("orders", 3);
        try (LedgerRun run = LedgerRun.start(Map.of("bootstrap.servers", kafka.bootstrap()), "orders", 3)) {
            run.awaitProgress(200);
            kafka.stopBroker(1);
            run.awaitProgress(200);
            kafka.startBrokerOnNewPorts(1);
            kafka.killBroker(2);
            kafka.startBroker(2);
            run.awaitProgress(200);

            LedgerResult result = run.finish();
            assertThat(result.violations()).isEmpty();
            assertThat(result.acked()).isGreaterThanOrEqualTo(600);
            assertThat(result.received()).isGreaterThanOrEqualTo(result.acked());
        }
    }

    @Test
    void recordsThatAreReallyGoneAreMissed() throws Exception {
        kafka.createTopic("shredded", 1);
        Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrap());
        Ledger ledger = new Ledger();
        try (LedgerProducer producer = new LedgerProducer(ledger, client, "shredded", 1)) {
            producer.start();
            Patience.awaitAnswer().until(() -> ledger.ackedCount() >= 10);
        }
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition("shredded", 0), RecordsToDelete.beforeOffset(5)))
                .all()
                .get();
        try (LedgerConsumer consumer = new LedgerConsumer(ledger, client, "shredded")) {
            consumer.start();
            Patience.awaitAnswer().until(() -> ledger.receivedCount() == ledger.ackedCount() - 5);
        }
        assertThat(ledger.complete()).isFalse();
        assertThat(ledger.result().violations())
                .hasSize(5)
                .allMatch(line -> line.endsWith("was acknowledged and never received"));
    }
}
