/** {@code weir audit}: who did what, or was not let, as a running mesh has it. */
@NullMarked
package dev.weir.cli.audit;

import org.jspecify.annotations.NullMarked;
