/** {@code weir topology} and {@code weir lag}: what a running mesh sees, in a terminal; and the client of its API. */
@NullMarked
package dev.weir.cli.topology;

import org.jspecify.annotations.NullMarked;
