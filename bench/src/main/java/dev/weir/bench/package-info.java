/** What Weir costs: {@code weir bench micro} by JMH, {@code weir bench e2e} beside a direct connection and plain relays. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
