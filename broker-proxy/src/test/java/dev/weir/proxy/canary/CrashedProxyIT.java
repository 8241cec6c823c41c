package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.canary.LedgerMesh.Shared;
import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A whole proxy whose process is killed as a weight begins to change, with clients of both sides and a writer of transactions at it: they go on at
 * others, the weight changes once the proxy is counted out, and the ledger of every record is clean.
 */
class CrashedProxyIT {
    private static EmbeddedKafka kafka;

    private final Shared payments = new Shared("next", "payments", "slice", new SidesLedger(false));
    private final LedgerMesh mesh = new LedgerMesh(kafka, List.of(payments));

    @BeforeAll
    static void startKafka() {
        kafka = LedgerMesh.kafka(1);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void closeAll() {
        mesh.close();
    }

    @Test
    void aProxyThatIsKilledIsCountedOutAndItsClientsGoOnAtOthers() throws Exception {
        LedgerProxy crashing = mesh.startWithOneThatCrashes();
        try (LedgerWriter writer = mesh.writer(payments, "zstd")) {
            writer.start();
            readers(1);
            mesh.want(Weight.parse("40%"));
            for (Side side : Side.values()) {
                Patience.awaitSettled()
                        .untilAsserted(() -> assertThat(crashing.given(payments.canary(), side))
                                .as("records given to %s", side)
                                .isPositive());
            }
            List<String> admitted = ChangeRecords.of(kafka).admitted();
            assertThat(admitted).as("proxies before there are others").hasSize(1);
            String crashed = admitted.get(0);
            mesh.openOthers();
            readers(2);
            Weight before = Weight.parse("60%");
            mesh.want(before);
            mesh.awaitServed(before);

            Weight begun = Weight.parse("30%");
            mesh.want(begun);
            awaitBegun(begun);
            crashing.crash();
            Weight next = Weight.parse("80%");
            mesh.want(next);
            mesh.awaitProgress(); // by the weight that there is
            Patience.awaitSettled().until(() -> ChangeRecords.of(kafka).evicted(crashed) != ChangeRecords.NONE);
            mesh.awaitServed(next);
            mesh.awaitProgress();

            ChangeRecords log = ChangeRecords.of(kafka);
            assertThat(log.left(crashed)).as("a goodbye").isEqualTo(ChangeRecords.NONE);
            assertThat(log.committed(next)).isGreaterThan(log.evicted(crashed));
        }
        mesh.awaitBalance();
    }

    private void readers(int number) {
        mesh.reader(payments, Side.STABLE, number, GroupProtocol.CLASSIC);
        mesh.reader(payments, Side.CANARY, number, GroupProtocol.CONSUMER);
    }

    /** Until proxies hold for a change, which takes tens of milliseconds, or at the latest until it is done. */
    private void awaitBegun(Weight weight) {
        Patience.awaitSettled()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> mesh.states(payments).stream()
                        .anyMatch(state -> state.pending() != null
                                || state.table().weight().equals(weight)));
    }
}
