/**
 * YAML with positions: files in, typed values out, and every mistake with file, line and column. Policy and
 * {@code weir.yaml} are both read with it. Confined to the thread that reads; values are immutable once read.
 */
@NullMarked
package dev.weir.policy.yaml;

import org.jspecify.annotations.NullMarked;
