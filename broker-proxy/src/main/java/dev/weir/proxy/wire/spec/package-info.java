/**
 * Kafka's own message specs, as they ship in kafka-clients ({@code common/message/*.json}), read into records. Nothing
 * here knows what a field is good for.
 */
@NullMarked
package dev.weir.proxy.wire.spec;

import org.jspecify.annotations.NullMarked;
