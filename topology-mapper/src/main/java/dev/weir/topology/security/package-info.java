/** Denials and administrative requests, counted by what they were. */
@NullMarked
package dev.weir.topology.security;

import org.jspecify.annotations.NullMarked;
