/**
 * The answers: puts what the features keep in memory together to the read model of {@code dev.weir.topology.view}.
 */
@NullMarked
package dev.weir.topology.mesh;

import org.jspecify.annotations.NullMarked;
