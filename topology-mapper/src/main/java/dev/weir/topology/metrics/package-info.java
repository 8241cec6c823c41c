/** What is known of the mesh as metrics, for those who watch with Prometheus. */
@NullMarked
package dev.weir.topology.metrics;

import org.jspecify.annotations.NullMarked;
