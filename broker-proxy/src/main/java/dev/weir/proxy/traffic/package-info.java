/**
 * What policy does to requests that are allowed: faults on purpose, and quotas. A request is drawn for a fault when it is whole; the connection then delays it,
 * ends, or answers in the broker's place.
 *
 * <p>A quota takes what requests and answers use, and says for how long their client is to be quiet; the connection tells it and does not read it meanwhile
 * (KIP-219). Whatever is taken is taken from all connections of a Service together.
 *
 * <p>INVARIANT: a fault by itself loses no record that was acknowledged or needs no acknowledgement, and has none written twice: a request
 * that is answered here, or dropped, never reached a broker.
 */
@NullMarked
package dev.weir.proxy.traffic;

import org.jspecify.annotations.NullMarked;
