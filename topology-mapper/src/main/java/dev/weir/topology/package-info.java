/**
 * The topology: one {@link dev.weir.topology.TopologyApp} reads what proxies report, keeps the aggregated state in Kafka,
 * and answers from memory. This package only puts the parts together.
 */
@NullMarked
package dev.weir.topology;

import org.jspecify.annotations.NullMarked;
