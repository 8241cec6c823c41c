/** One place that turns texts of any format into what reads payloads and compares versions. */
@NullMarked
package dev.weir.schema.format;

import org.jspecify.annotations.NullMarked;
