/**
 * The plumbing: report topics -> {@link dev.weir.topology.stream.StreamPart}s (Kafka Streams processors) -> the compacted
 * state topic -> {@link dev.weir.topology.stream.ViewTable} -> {@link dev.weir.topology.stream.ViewPart}s in memory. Knows
 * nothing of what the records mean.
 */
@NullMarked
package dev.weir.topology.stream;

import org.jspecify.annotations.NullMarked;
