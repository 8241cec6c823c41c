/**
 * How a canary's weight is changed while many proxies serve, none of them at the same time as the next, so that no record gets two
 * owners. Pure state machines: whoever runs them brings the clock, the log and the messages.
 */
@NullMarked
package dev.weir.canary.change;

import org.jspecify.annotations.NullMarked;
