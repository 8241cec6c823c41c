/** A small identity provider for tests, which can be made to lie, to change its keys, and to be gone. */
@NullMarked
package dev.weir.testkit.idp;

import org.jspecify.annotations.NullMarked;
