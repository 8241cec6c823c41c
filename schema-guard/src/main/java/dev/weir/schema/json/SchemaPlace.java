package dev.weir.schema.json;

import java.net.URI;

/**
 * A schema or subschema in a file.
 *
 * @param at which value
 * @param base what references in it are relative to
 */
record SchemaPlace(SchemaDocument document, int at, URI base, Dialect dialect) {
    JsonTape tape() {
        return document.tape();
    }

    SchemaPlace below(int child) {
        return new SchemaPlace(document, child, base, dialect);
    }
}
