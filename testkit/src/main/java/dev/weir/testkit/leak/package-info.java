/** Fails the tests in whose time Netty found a buffer that nobody released. */
@NullMarked
package dev.weir.testkit.leak;

import org.jspecify.annotations.NullMarked;
