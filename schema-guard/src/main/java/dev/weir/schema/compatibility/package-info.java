/** Whether records that one version of a schema wrote can be read with another. */
@NullMarked
package dev.weir.schema.compatibility;

import org.jspecify.annotations.NullMarked;
