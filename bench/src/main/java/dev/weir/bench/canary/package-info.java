/** {@code weir bench canary}: how long a change of a canary's weight holds its topics. */
@NullMarked
package dev.weir.bench.canary;

import org.jspecify.annotations.NullMarked;
