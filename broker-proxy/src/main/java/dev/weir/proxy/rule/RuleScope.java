package dev.weir.proxy.rule;

import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.telemetry.ListenerMetrics;
import io.netty.buffer.ByteBufAllocator;

/**
 * What rules have at hand. Any thread.
 *
 * @param limits how large a batch may become
 * @param metrics of the listener that the records came in by
 */
public record RuleScope(ByteBufAllocator allocator, BatchLimits limits, ListenerMetrics metrics) {}
