/**
 * Protobuf: schemas as text, and payloads read on the wire format itself. Source: protobuf.dev, "Encoding" and the language
 * specifications of proto2 and proto3.
 */
@NullMarked
package dev.weir.schema.protobuf;

import org.jspecify.annotations.NullMarked;
