/** Who did what, or was not let: collected without locks on event loops, bounded, told as JSON lines and to Kafka. */
@NullMarked
package dev.weir.proxy.audit;

import org.jspecify.annotations.NullMarked;
