/**
 * SASL that brokers decide: a client's messages are passed on to its broker and the broker's to the client, and what the broker
 * has taken is who the client is.
 */
@NullMarked
package dev.weir.proxy.authenticate.relay;

import org.jspecify.annotations.NullMarked;
