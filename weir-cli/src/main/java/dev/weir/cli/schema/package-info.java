/** {@code weir schema}: files with schemas, checked before they are used. */
@NullMarked
package dev.weir.cli.schema;

import org.jspecify.annotations.NullMarked;
