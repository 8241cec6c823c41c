/**
 * Objectives: which share of records was committed within a time of their append. The stream needs to know no objective:
 * {@link dev.weir.topology.slo.SloBlocks} counts delays, and {@link dev.weir.topology.slo.SloEvaluator} judges by
 * whatever objective holds now, also what was long ago.
 */
@NullMarked
package dev.weir.topology.slo;

import org.jspecify.annotations.NullMarked;
