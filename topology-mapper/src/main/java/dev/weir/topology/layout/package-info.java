/**
 * Where nodes of the graph stand: layered from left to right in the direction of the records, computed here so that
 * every browser shows the same picture, and stable, so that a node does not jump when data comes.
 */
@NullMarked
package dev.weir.topology.layout;

import org.jspecify.annotations.NullMarked;
