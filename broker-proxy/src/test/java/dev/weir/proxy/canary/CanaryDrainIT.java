package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.kafka.CanaryWatch;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.proxy.canary.LedgerMesh.Shared;
import dev.weir.testkit.await.Patience;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A new version that crashed and was aborted: the old one, started under its client ids, does what is left of the canary's records. */
class CanaryDrainIT {
    private final Shared payments = new Shared("next", "payments", "slice", new SidesLedger(false));

    @RegisterExtension
    private final LedgerMesh mesh = new LedgerMesh(1, payments);

    /** The old version speaks the classic protocol on both sides, the new one KIP-848: the canary's group has to change, too. */
    @Test
    void theOldVersionUnderTheCanarysClientIdsDrainsIt() throws Exception {
        mesh.start();
        try (CanaryWatch watch = CanaryWatch.start(mesh.kafka()::superUserProperties, "test");
                LedgerWriter writer = mesh.writer(payments, "zstd")) {
            writer.start();
            mesh.reader(payments, Side.STABLE, 1, GroupProtocol.CLASSIC);
            mesh.reader(payments, Side.STABLE, 2, GroupProtocol.CLASSIC);
            mesh.awaitProgress();
            LedgerProcess bad = mesh.process(payments, Side.CANARY, 1, GroupProtocol.CONSUMER);
            LedgerProcess worse = mesh.process(payments, Side.CANARY, 2, GroupProtocol.CONSUMER);
            Weight weight = Weight.parse("60%");
            mesh.want(weight);
            mesh.awaitServed(weight);
            mesh.awaitProgress();
            bad.crash();
            worse.crash();
            assertThat(payments.ledger().crashedWithCount()).isPositive();

            Command abort = new Command(
                    UUID.randomUUID().toString(), payments.canary(), Command.Action.ABORT, Weight.NONE, "ada", "bad");
            assertThat(watch.tell(abort).get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(RolloutEvent.Obeyed.class);
            mesh.awaitServed(Weight.NONE);
            assertThat(mesh.states(payments))
                    .as("nobody has processed what is left, nor may the stable side")
                    .isNotEmpty()
                    .allMatch(CanaryState::isSeeded);

            mesh.reader(payments, Side.CANARY, 3, GroupProtocol.CLASSIC);
            Patience.awaitSettled()
                    .untilAsserted(() -> assertThat(mesh.states(payments))
                            .as("drained")
                            .hasSameSizeAs(mesh.proxies())
                            .noneMatch(CanaryState::isSeeded));
            mesh.awaitProgress(); // everything is the stable side's again
        }
        mesh.awaitBalance();
    }
}
