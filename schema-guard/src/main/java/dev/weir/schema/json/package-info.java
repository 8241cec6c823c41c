/**
 * JSON Schema: drafts 06, 07, 2019-09 and 2020-12, and payloads of JSON (RFC 8259) held against it, without an object for each
 * value. Source: json-schema.org, Core and Validation.
 */
@NullMarked
package dev.weir.schema.json;

import org.jspecify.annotations.NullMarked;
