/**
 * The side-by-side run: a broker, a load generator and the relays, each a process of its own on loopback. The load
 * generator is the JVM that the command runs in; it starts the others, takes their CPU time from {@code /proc}, and ends
 * them.
 */
@NullMarked
package dev.weir.bench.endtoend;

import org.jspecify.annotations.NullMarked;
