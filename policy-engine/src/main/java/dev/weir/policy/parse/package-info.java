/**
 * From YAML to model, with every mistake of every file at once. What comes out with no problems is whole and
 * consistent: names exist, ids are unique, patterns are legal. Confined to the thread that parses.
 */
@NullMarked
package dev.weir.policy.parse;

import org.jspecify.annotations.NullMarked;
