/** Where policy comes from. A source reads all of it at once, at one revision, and knows when to look again. */
@NullMarked
package dev.weir.policy.source;

import org.jspecify.annotations.NullMarked;
