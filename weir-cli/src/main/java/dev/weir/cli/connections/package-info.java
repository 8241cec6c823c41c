/** {@code weir connections}: which clients are connected to a running proxy. */
@NullMarked
package dev.weir.cli.connections;

import org.jspecify.annotations.NullMarked;
