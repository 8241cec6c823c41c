package dev.weir.canary.kafka;

import dev.weir.canary.Handover;
import dev.weir.canary.Weight;
import java.util.List;

/**
 * What is wanted of a canary.
 *
 * @param name its name
 * @param topics whose records it shares
 * @param stableGroup the consumer group of the stable side
 * @param canaryGroup that of the canary
 */
public record CanaryPlan(
        String name, List<String> topics, String stableGroup, String canaryGroup, Weight weight, Handover handover) {
    public CanaryPlan {
        topics = List.copyOf(topics);
    }
}
