/** What readers of all formats share: text, signed numbers, and what does not fit. */
@NullMarked
package dev.weir.schema.bytes;

import org.jspecify.annotations.NullMarked;
