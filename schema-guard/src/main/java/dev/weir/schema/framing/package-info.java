/** How a record says which schema it was written with: in front of its payload, or in a header. */
@NullMarked
package dev.weir.schema.framing;

import org.jspecify.annotations.NullMarked;
