/**
 * Kafka as the oracle: the same requests of the same users, to a broker that holds them to its ACLs and through Weir that
 * holds them to policy, have to come to the same.
 */
@NullMarked
package dev.weir.proxy.equivalence;

import org.jspecify.annotations.NullMarked;
