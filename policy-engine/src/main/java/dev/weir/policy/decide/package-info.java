/** Compiled policy: one immutable snapshot, and the decisions it gives. Any thread; nothing here locks or blocks. */
@NullMarked
package dev.weir.policy.decide;

import org.jspecify.annotations.NullMarked;
