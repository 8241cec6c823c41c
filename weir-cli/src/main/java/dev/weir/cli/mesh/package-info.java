/** The parts of a mesh, put together: policy, proxy, metrics, admin endpoint. Wiring is plain constructors, here only. */
@NullMarked
package dev.weir.cli.mesh;

import org.jspecify.annotations.NullMarked;
