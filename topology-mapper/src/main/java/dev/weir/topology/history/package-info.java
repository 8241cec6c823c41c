/** Counts over time: slots of equal length in chunks, small enough to keep a day of each edge. */
@NullMarked
package dev.weir.topology.history;

import org.jspecify.annotations.NullMarked;
