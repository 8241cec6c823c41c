/** {@code weir policy}: policy is checked, tested and explained before it is merged, with the proxy's own code. */
@NullMarked
package dev.weir.cli.policy;

import org.jspecify.annotations.NullMarked;
