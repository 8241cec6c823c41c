/** The {@code weir} command: its grammar, its exit codes, and the wiring of a whole program. */
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
