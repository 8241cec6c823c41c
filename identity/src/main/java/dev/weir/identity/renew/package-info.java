/** When something is asked for again: before it ends, and not at the moment that everybody else does. */
@NullMarked
package dev.weir.identity.renew;

import org.jspecify.annotations.NullMarked;
