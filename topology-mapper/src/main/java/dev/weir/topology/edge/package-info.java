/**
 * Edges: who produces to and consumes from what. {@link dev.weir.topology.edge.EdgeProcessor} counts flows by edge and
 * time, {@link dev.weir.topology.edge.EdgeTable} has the result of all instances in memory.
 */
@NullMarked
package dev.weir.topology.edge;

import org.jspecify.annotations.NullMarked;
