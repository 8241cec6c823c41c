/** Real Git repositories on the local disk, for whatever reads its configuration from Git. */
@NullMarked
package dev.weir.testkit.git;

import org.jspecify.annotations.NullMarked;
