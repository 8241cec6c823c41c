/**
 * How a canary's weight is raised step by step: when a step is over, what stops it, and what people may say to it. Pure state machines:
 * whoever runs them brings the clock, the log and the measures.
 */
@NullMarked
package dev.weir.canary.rollout;

import org.jspecify.annotations.NullMarked;
