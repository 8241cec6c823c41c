/**
 * The life of one client's connection, and of the upstream connection that belongs to it. Everything here happens on
 * one event loop; nothing is locked and nothing blocks.
 *
 * <pre>
 * RequestReader -> Connection -> (SaslServer | ApiAuthorizer) -> upstream as it is | rewritten | answered here
 * ResponseReader -> InFlight -> streamed | edited -> downstream
 * </pre>
 */
@NullMarked
package dev.weir.proxy.connection;

import org.jspecify.annotations.NullMarked;
