/** Asks identity providers over HTTP, for the keys that sign tokens and for tokens. */
@NullMarked
package dev.weir.proxy.provider;

import org.jspecify.annotations.NullMarked;
