/**
 * Keeps records that may not go to their own topic in another one, with Weir's own Kafka producer and the credentials of the
 * cluster. Whoever wants a record kept learns whether it is, and nobody's event loop waits for that.
 */
@NullMarked
package dev.weir.proxy.deadletter;

import org.jspecify.annotations.NullMarked;
