package dev.weir.proxy.wire.spec;

import java.util.List;

/** A group of fields in the order of the wire; a message's body is one too. */
public record StructSpec(String name, List<FieldSpec> fields) {}
