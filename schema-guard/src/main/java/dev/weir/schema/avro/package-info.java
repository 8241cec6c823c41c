/** Avro (specification 1.12): schemas compiled to programs that walk the bytes of a record, and build nothing of it. */
@NullMarked
package dev.weir.schema.avro;

import org.jspecify.annotations.NullMarked;
