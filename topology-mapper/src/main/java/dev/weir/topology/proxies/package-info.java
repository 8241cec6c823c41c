/** What proxies say about themselves. */
@NullMarked
package dev.weir.topology.proxies;

import org.jspecify.annotations.NullMarked;
