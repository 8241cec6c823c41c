/**
 * Who has read how far: for each partition a table from offsets to the times of their appends, and for each group that
 * reads it three lags, a status and a history.
 *
 * <p>{@link dev.weir.topology.progress.PartitionLedger} is the model, of plain values: it is fed with {@code Progress}
 * reports and asked at any time. LagPart runs it in the stream, and
 * LagView has the outcome of all partitions in memory.
 */
@NullMarked
package dev.weir.topology.progress;

import org.jspecify.annotations.NullMarked;
