/** The dashboard in a real browser. */
@NullMarked
package dev.weir.topology.dashboard;

import org.jspecify.annotations.NullMarked;
