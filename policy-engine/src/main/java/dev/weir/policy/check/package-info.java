/** From files to a snapshot that may be published, policy's own tests, and the reason of a decision. Any thread. */
@NullMarked
package dev.weir.policy.check;

import org.jspecify.annotations.NullMarked;
