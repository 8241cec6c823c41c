/**
 * From model to snapshot: the rules of each Service, by resource type and operation, as literals in hash maps and
 * prefixes in a trie. Compiling happens on the policy thread; what comes out is immutable and serves any thread.
 */
@NullMarked
package dev.weir.policy.compile;

import org.jspecify.annotations.NullMarked;
