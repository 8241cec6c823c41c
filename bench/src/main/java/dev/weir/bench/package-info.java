/** What Weir's hot paths cost, by JMH. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
