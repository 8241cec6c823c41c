package dev.weir.proxy.rule;

import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.canary.ClusterCanaries;
import dev.weir.proxy.deadletter.DeadLetterStore;
import dev.weir.proxy.telemetry.ListenerMetrics;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What rules have at hand. Any thread.
 *
 * @param limits how large a batch may become
 * @param clusterId Kafka's id of the cluster; {@code null} until it is known
 * @param deadLetters of the cluster that the records go to
 * @param canaries of the cluster that the records come from
 * @param metrics of the listener that the records came in by
 */
public record RuleScope(
        ByteBufAllocator allocator,
        BatchLimits limits,
        Supplier<@Nullable String> clusterId,
        DeadLetterStore deadLetters,
        ClusterCanaries canaries,
        ListenerMetrics metrics) {}
