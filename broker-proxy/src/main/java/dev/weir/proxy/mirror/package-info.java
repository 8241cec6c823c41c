/**
 * Copies of batches that a broker has taken, on their way to other topics. A produce request's batches are captured when they go to
 * the broker, and become eligible with its answer; from then on they belong to the sender of the cluster that they go to, on an event loop
 * of its own. Clients wait for nothing of it: memory is bounded, and what has no place in it is dropped and counted.
 *
 * <p>Eligible: to be mirrored. Mirrored: all replicas that there have to be have it. Dropped: there was no memory. Failed: it was tried, or
 * waited too long. In flight: neither yet.
 */
@NullMarked
package dev.weir.proxy.mirror;

import org.jspecify.annotations.NullMarked;
