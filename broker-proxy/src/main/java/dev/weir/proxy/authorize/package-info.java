/**
 * What each Kafka API names, what allowed means for it, and how its answer looks when something is not: one class per
 * API, or per family of APIs that Kafka itself treats alike. Kafka is the oracle: error codes and their place are those
 * of {@code KafkaApis}.
 */
@NullMarked
package dev.weir.proxy.authorize;

import org.jspecify.annotations.NullMarked;
