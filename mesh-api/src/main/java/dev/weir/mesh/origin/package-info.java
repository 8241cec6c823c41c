/**
 * Signatures over where a record came from: written by a proxy into the record's header {@code weir-signature}, verified by
 * whoever reads the record. Needs nothing but the JDK.
 */
@NullMarked
package dev.weir.mesh.origin;

import org.jspecify.annotations.NullMarked;
