/** {@code weir status}: finds a mesh that runs on this machine, and shows what it says about itself. */
@NullMarked
package dev.weir.cli.status;

import org.jspecify.annotations.NullMarked;
