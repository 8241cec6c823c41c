/** Who is, and was, in which group. */
@NullMarked
package dev.weir.topology.member;

import org.jspecify.annotations.NullMarked;
