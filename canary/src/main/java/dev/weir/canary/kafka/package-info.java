/** The change protocol on a real Kafka: the log, the beats, the proxy's end and the controller's. */
@NullMarked
package dev.weir.canary.kafka;

import org.jspecify.annotations.NullMarked;
