package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.canary.LedgerMesh.Shared;
import dev.weir.proxy.telemetry.CanarySideMetrics;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real clients of both versions, two proxies, and a ledger of every record: through changes of the weight, members that crash and come,
 * a proxy that ends and comes back, a broker that is restarted, another controller and more partitions. Of two canaries at once: one shares
 * keys, the other whole partitions. The weights, and when what happens, are drawn from a seed: {@code -Dweir.test.seed=N} draws others.
 */
class CanaryLedgerIT {
    private static final long SEED = 1;

    private static final Logger LOG = LoggerFactory.getLogger(CanaryLedgerIT.class);

    private final Shared keys = new Shared("next", "payments", "slice", new SidesLedger(false));
    private final Shared partitions = new Shared("whole", "parcels", "partition", new SidesLedger(true));

    /** Two brokers, so that partitions have a leader while one of them ends: without any, brokers end transactions without their markers. */
    @RegisterExtension
    private final LedgerMesh mesh = new LedgerMesh(2, keys, partitions);

    @Test
    void everyRecordIsProcessedByOneSideAndInItsOrder() throws Exception {
        LedgerSchedule schedule = LedgerSchedule.of(Long.getLong("weir.test.seed", SEED));
        LOG.info("{}", schedule);
        try {
            run(schedule);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(schedule.toString(), e);
        }
    }

    /** The stable version's clients speak the classic protocol, those of the new one KIP-848. */
    private void run(LedgerSchedule schedule) throws Exception {
        mesh.start();
        try (LedgerWriter writer = mesh.writer(keys, "zstd");
                LedgerWriter other = mesh.writer(partitions, "lz4")) {
            writer.start();
            other.start();
            LedgerProcess stable = mesh.process(keys, Side.STABLE, 1, GroupProtocol.CLASSIC);
            stable(keys, 2);
            stable(partitions, 4); // the only one of its side, so that what it processes has an order
            mesh.awaitProgress();
            LedgerProcess canary = mesh.process(keys, Side.CANARY, 1, GroupProtocol.CONSUMER);
            canary(partitions, 4);
            for (LedgerSchedule.Step step : schedule.steps()) {
                mesh.want(step.weight());
                if (!step.early()) {
                    mesh.awaitServed(step.weight());
                }
                for (LedgerSchedule.Disturbance disturbance : step.disturbances()) {
                    LOG.info("{}", disturbance);
                    switch (disturbance) {
                        case STABLE_CRASH -> {
                            stable.crash();
                            stable(keys, 3);
                        }
                        case CANARY_CRASH -> {
                            canary.crash();
                            canary(keys, 2);
                        }
                        case BROKER_RESTART -> {
                            mesh.kafka().stopBroker(1);
                            mesh.kafka().startBroker(1);
                        }
                        case CONTROLLER_CHANGE -> mesh.closeController();
                        case PARTITION_ADDED -> addPartition();
                        case PROXY_REPLACED -> mesh.replaceProxy();
                    }
                }
                mesh.awaitServed(step.weight());
                mesh.awaitProgress();
            }
            mesh.want(Weight.NONE);
            mesh.awaitServed(Weight.NONE);
            mesh.awaitProgress();
        }
        mesh.awaitBalance();
        assertThat(keys.ledger().crashedWithCount()).isPositive();
        assertThat(mesh.proxies())
                .as("what is taken out is counted, by side")
                .anySatisfy(
                        proxy -> assertThat(counts(proxy, Side.STABLE).given()).isPositive())
                .anySatisfy(proxy ->
                        assertThat(counts(proxy, Side.STABLE).takenOut()).isPositive())
                .anySatisfy(proxy ->
                        assertThat(counts(proxy, Side.CANARY).takenOut()).isPositive());
    }

    private void addPartition() throws Exception {
        mesh.kafka()
                .admin()
                .createPartitions(Stream.of(keys, partitions)
                        .collect(Collectors.toMap(Shared::topic, shared -> NewPartitions.increaseTo(4))))
                .all()
                .get();
    }

    private void stable(Shared shared, int number) {
        mesh.reader(shared, Side.STABLE, number, GroupProtocol.CLASSIC);
    }

    private void canary(Shared shared, int number) {
        mesh.reader(shared, Side.CANARY, number, GroupProtocol.CONSUMER);
    }

    private static CanarySideMetrics counts(ProxyFixture proxy, Side side) {
        return proxy.metrics().canaries().side("next", side);
    }
}
