package dev.weir.topology.sample;

import dev.weir.topology.view.CanaryAnswer;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.CanaryOrder;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.CanaryView.Phase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A canary that does as it is told, and one that was stopped by a gate. */
public final class SampleCanaries implements CanaryDesk {
    private static final long MINUTE = 60_000;

    private final List<CanaryOrder> orders = new CopyOnWriteArrayList<>();
    private volatile Phase phase = Phase.HOLDING;
    private volatile double weight = 0.1;
    private volatile String reason = "";

    /** What it was told, oldest first. */
    public List<CanaryOrder> orders() {
        return orders;
    }

    @Override
    public List<CanaryView> canaries() {
        return List.of(stopped(), running(), shadow());
    }

    @Override
    public CompletionStage<CanaryAnswer> tell(CanaryOrder order) {
        orders.add(order);
        return CompletableFuture.completedFuture(answer(order));
    }

    private CanaryAnswer answer(CanaryOrder order) {
        if (order.canary().equals("slow")) {
            return new CanaryAnswer.Unanswered("no controller of canaries has answered for 15 s");
        }
        if (!order.canary().equals("payment-3.2")) {
            return new CanaryAnswer.UnknownCanary("payment-3.2; did you mean that?");
        }
        switch (order.action()) {
            case SET -> {
                if (!order.weight().matches("\\d+%")) {
                    return new CanaryAnswer.InvalidWeight("a percentage from 0% to 100%, as 10% or 0.5%");
                }
                weight = Integer.parseInt(order.weight().replace("%", "")) / 100.0;
                phase = Phase.PAUSED;
            }
            case PAUSE -> {
                if (phase == Phase.PAUSED) {
                    return new CanaryAnswer.Refused("nothing moves that could be paused");
                }
                phase = Phase.PAUSED;
            }
            case RESUME -> phase = Phase.HOLDING;
            case PROMOTE -> {
                phase = Phase.PROMOTED;
                weight = 1;
            }
            case ABORT -> {
                phase = Phase.ABORTED;
                weight = 0;
            }
        }
        reason = order.by() + (order.reason().isEmpty() ? "" : ": " + order.reason());
        return new CanaryAnswer.Obeyed("it is " + phase);
    }

    private CanaryView running() {
        long now = SampleMesh.now();
        return new CanaryView(
                "payment-3.2",
                "payments",
                List.of("orders", "refunds"),
                phase,
                reason,
                "slice",
                List.of(),
                weight,
                weight,
                false,
                List.of(
                        new CanaryView.Step(0.01, 10 * MINUTE),
                        new CanaryView.Step(0.1, 30 * MINUTE),
                        new CanaryView.Step(1, -1)),
                1,
                now - 17 * MINUTE,
                phase == Phase.HOLDING ? now + 13 * MINUTE : -1,
                version("3.1", "payment", 34.6, 120, 0.001),
                version("3.2", "payment~canary", 3.8, 310, 0.002),
                List.of(
                        new CanaryView.Gate("timeLag", 30_000, 310, CanaryView.Gate.State.HELD),
                        new CanaryView.Gate("errorShare", 0.01, 0.002, CanaryView.Gate.State.HELD),
                        new CanaryView.Gate("processingTime", 2_000, -1, CanaryView.Gate.State.UNKNOWN),
                        new CanaryView.Gate("rebalances", 3, 1, CanaryView.Gate.State.HELD)),
                3_912,
                100,
                "abort",
                List.of(
                        new CanaryView.WeightChange(now - 28 * MINUTE, 0.01),
                        new CanaryView.WeightChange(now - 17 * MINUTE, weight)),
                List.of(
                        new CanaryView.Event(now - 17 * MINUTE, "holds step 2 of 3 at 10%", ""),
                        new CanaryView.Event(now - 28 * MINUTE, "began at 1%", "")),
                List.of(),
                now - 500);
    }

    private static CanaryView stopped() {
        long now = SampleMesh.now();
        return new CanaryView(
                "fraud-1.0",
                "",
                List.of("payments"),
                Phase.ABORTED,
                "gate timeLag: time lag of the canary is 84 s, at most 30 s is allowed (stable: 0.2 s)",
                "partition",
                List.of(new CanaryView.OwnedPartitions("payments", List.of(), 12)),
                0,
                0,
                false,
                List.of(new CanaryView.Step(0.05, MINUTE), new CanaryView.Step(1, -1)),
                0,
                now - 3 * MINUTE,
                -1,
                version("0.9.0", "fraud", 9.1, 200, -1),
                version("1.0.0", "fraud~canary", 0, 84_000, -1),
                List.of(new CanaryView.Gate("timeLag", 30_000, 84_000, CanaryView.Gate.State.BROKEN)),
                12,
                100,
                "abort",
                List.of(
                        new CanaryView.WeightChange(now - 5 * MINUTE, 0.05),
                        new CanaryView.WeightChange(now - 3 * MINUTE, 0)),
                List.of(new CanaryView.Event(now - 3 * MINUTE, "aborted: too late", "")),
                List.of(new CanaryView.Bypass("fraud", "fraud-1", "/10.1.2.3", "fraud-1-8f31")),
                now - 500);
    }

    private static CanaryView shadow() {
        long now = SampleMesh.now();
        return new CanaryView(
                "payment-dark",
                "payments",
                List.of("orders"),
                Phase.SHADOWING,
                "It reads everything. What it writes to receipts goes to NAME.shadow, all else is refused.",
                "shadow",
                List.of(),
                -1,
                -1,
                false,
                List.of(),
                -1,
                -1,
                -1,
                version("3.1", "payment", 34.6, 120, 0.001),
                version("4.0", "payment~canary", 34.2, 640, 0),
                List.of(),
                0,
                0,
                "",
                List.of(),
                List.of(new CanaryView.Event(now - 40 * MINUTE, "began where the topics ended", "")),
                List.of(),
                now - 500);
    }

    private static CanaryView.Version version(
            String version, String group, double rate, long lagMillis, double errorShare) {
        String service = group.startsWith("fraud") ? "fraud-check" : "payment";
        return new CanaryView.Version(
                service, "version " + version, group, 2, rate, lagMillis / 40, lagMillis, errorShare, -1, -1, 1);
    }
}
