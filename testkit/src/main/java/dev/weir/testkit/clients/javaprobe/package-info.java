/**
 * The program that {@link dev.weir.testkit.clients.JavaClient} runs around Kafka's Java client. It is compiled against the newest
 * release and runs with the oldest, so it calls only methods that every release has with the same signature, and nothing else but the
 * JDK.
 */
@NullMarked
package dev.weir.testkit.clients.javaprobe;

import org.jspecify.annotations.NullMarked;
