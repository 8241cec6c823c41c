/** {@code weir up}: one mesh as a service. */
@NullMarked
package dev.weir.cli.up;

import org.jspecify.annotations.NullMarked;
