/**
 * Clients that are the shadow of others: what they may do, and the names by which brokers know their topics and transactions, so that nothing that they do
 * reaches anybody else.
 */
@NullMarked
package dev.weir.proxy.canary.shadow;

import org.jspecify.annotations.NullMarked;
