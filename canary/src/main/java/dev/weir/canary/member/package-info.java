/**
 * Who is in the groups of canaries. A fetch names no group: whether a client that reads a canary's topic is a member of the
 * canary's group follows from what the same client says elsewhere, on other connections, to other proxies.
 */
@NullMarked
package dev.weir.canary.member;

import org.jspecify.annotations.NullMarked;
