/** Time, where a test says how much of it passes. */
@NullMarked
package dev.weir.testkit.time;

import org.jspecify.annotations.NullMarked;
