/**
 * The life of one client's connection, and of the upstream connection that belongs to it. Everything here happens on
 * one event loop; nothing is locked and nothing blocks.
 *
 * <pre>
 * RequestReader -> RequestRouter -> LogIn | RequestDispatcher -> upstream as it is | rewritten | answered here
 * ResponseReader -> InFlight -> streamed | edited -> downstream
 * </pre>
 *
 * {@code Connection} puts these together; its {@code Lifetime} says when it ends, its
 * {@code Waits} what it waits for, and its {@code ClientSession} who the client is.
 */
@NullMarked
package dev.weir.proxy.connection;

import org.jspecify.annotations.NullMarked;
