/**
 * The consumer groups of canaries. The stable side keeps its group's name; what the canary's side calls by that name is another group, which
 * only brokers, Weir and those that look at groups know. Names are changed on the way up and on the way down, so that each
 * side sees one group, its own.
 */
@NullMarked
package dev.weir.proxy.canary.group;

import org.jspecify.annotations.NullMarked;
