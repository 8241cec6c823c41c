package dev.weir.topology.view;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where canaries are shown, and told what to do. Given from outside. Any thread. */
public interface CanaryDesk {

    /** There are none. */
    CanaryDesk NONE = new CanaryDesk() {
        @Override
        public List<CanaryView> canaries() {
            return List.of();
        }

        @Override
        public CompletionStage<CanaryAnswer> tell(CanaryOrder order) {
            return CompletableFuture.completedFuture(new CanaryAnswer.UnknownCanary("a canary of policy; it has none"));
        }
    };

    /** Those of policy, in the order of their names. From memory. */
    List<CanaryView> canaries();

    /** Sends an order to the controller, and waits without a thread until it has answered, or until it is clear that none does. */
    CompletionStage<CanaryAnswer> tell(CanaryOrder order);
}
