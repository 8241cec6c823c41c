package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.proxy.canary.LedgerMesh.Shared;
import dev.weir.testkit.await.Patience;
import java.util.List;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A whole proxy whose process is killed in a change of weight that waits for its answer, with clients of both sides and a writer of transactions at
 * it: they go on at others, by the weight that there was, the next one comes into force once the proxy is counted out, and the ledger of every
 * record is clean.
 */
class CrashedProxyIT {
    private final Shared payments = new Shared("next", "payments", "slice", new SidesLedger(false));

    @RegisterExtension
    private final LedgerMesh mesh = new LedgerMesh(1, payments);

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
            List<String> admitted = ChangeRecords.of(mesh.kafka()).admitted();
            assertThat(admitted).as("proxies before there are others").hasSize(1);
            String crashed = admitted.get(0);
            mesh.openOthers();
            readers(2);
            Weight before = Weight.parse("60%");
            mesh.want(before);
            mesh.awaitServed(before);

            Weight begun = Weight.parse("30%");
            FatalChange.Killed killed = mesh.killWithinAChangeTo(begun, crashing);
            long change = killed.change().epoch();
            assertThat(List.of(killed.log().aborted(change), killed.log().committed(begun)))
                    .as("an end of the change before the proxy was dead")
                    .containsOnly(ChangeRecords.NONE);
            Patience.awaitSettled().until(() -> ChangeRecords.of(mesh.kafka()).aborted(change) != ChangeRecords.NONE);
            mesh.awaitServed(before);
            mesh.awaitProgress();
            Weight next = Weight.parse("80%");
            mesh.want(next);
            Patience.awaitSettled().until(() -> ChangeRecords.of(mesh.kafka()).evicted(crashed) != ChangeRecords.NONE);
            mesh.awaitServed(next);
            mesh.awaitProgress();

            ChangeRecords log = ChangeRecords.of(mesh.kafka());
            int aborted = log.aborted(change);
            assertThat(log.all().get(aborted).getAborted().getReason())
                    .as("what the change waited for")
                    .contains(crashed);
            assertThat(log.left(crashed)).as("a goodbye").isEqualTo(ChangeRecords.NONE);
            assertThat(List.of(log.prepared(change), aborted, log.evicted(crashed), log.committed(next)))
                    .as("begun, given up, counted out, changed")
                    .doesNotContain(ChangeRecords.NONE)
                    .isSorted();
        }
        mesh.awaitBalance();
    }

    private void readers(int number) {
        mesh.reader(payments, Side.STABLE, number, GroupProtocol.CLASSIC);
        mesh.reader(payments, Side.CANARY, number, GroupProtocol.CONSUMER);
    }
}
