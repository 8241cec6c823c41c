/** Policy to measure with. */
@NullMarked
package dev.weir.bench.policy;

import org.jspecify.annotations.NullMarked;
