/**
 * A real Kafka cluster in this JVM, on loopback only: for {@code weir demo} and for tests.
 *
 * <p>One KRaft controller and one to three brokers run as their own nodes, so that every broker can be stopped, moved to other
 * ports and started again while the controller stays. The nodes talk to each other over listeners of their own
 * ({@code INTERNAL}, {@code CONTROLLER}) with a password that only this cluster knows; the caller decides which
 * {@link dev.weir.kafka.ClientListener}s the clients see.
 *
 * <p>What Kafka logs goes to SLF4J under {@code kafka}, {@code org.apache.kafka} and {@code state.change.logger}. Set those three to
 * {@code ERROR} or {@code OFF} for a quiet console; this package itself logs under {@code dev.weir.kafka}.
 */
@NullMarked
package dev.weir.kafka;

import org.jspecify.annotations.NullMarked;
