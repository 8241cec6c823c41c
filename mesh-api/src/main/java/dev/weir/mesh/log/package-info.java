/** What all programs of the mesh need to say things to people. */
@NullMarked
package dev.weir.mesh.log;

import org.jspecify.annotations.NullMarked;
