/** Meshes made up for tests: a small shop, one with hostile names, and a large one. */
@NullMarked
package dev.weir.topology.sample;

import org.jspecify.annotations.NullMarked;
