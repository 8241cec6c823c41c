/**
 * What goes around the mesh. A reconciler asks brokers now and then, by one instance,
 * and tells the stream what it heard; a ledger compares that with what proxies
 * reported, and calls bypassed only what is proven to be.
 */
@NullMarked
package dev.weir.topology.coverage;

import org.jspecify.annotations.NullMarked;
