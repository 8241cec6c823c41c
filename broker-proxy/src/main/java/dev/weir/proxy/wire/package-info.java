/**
 * The Kafka protocol as bytes: Kafka's own message specs, compiled into programs that walk a frame, and the bridge to
 * Kafka's generated classes for what must change.
 */
@NullMarked
package dev.weir.proxy.wire;

import org.jspecify.annotations.NullMarked;
