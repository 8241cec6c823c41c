/** Schema registries for tests: a real one, and one that misbehaves when it is told to. */
@NullMarked
package dev.weir.testkit.registry;

import org.jspecify.annotations.NullMarked;
