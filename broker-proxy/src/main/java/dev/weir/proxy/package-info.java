/** The data plane as a whole: {@link dev.weir.proxy.WeirProxy} puts it together, starts it and stops it. */
@NullMarked
package dev.weir.proxy;

import org.jspecify.annotations.NullMarked;
