/** How many reports the topology takes, and how soon it answers. */
@NullMarked
package dev.weir.bench.topology;

import org.jspecify.annotations.NullMarked;
