/** The shared language of the mesh: who is on a connection, and what may go wrong. */
@NullMarked
package dev.weir.mesh;

import org.jspecify.annotations.NullMarked;
