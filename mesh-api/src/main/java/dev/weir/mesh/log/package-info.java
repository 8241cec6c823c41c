/** What all programs of the mesh need to say things to people who read their logs. */
@NullMarked
package dev.weir.mesh.log;

import org.jspecify.annotations.NullMarked;
