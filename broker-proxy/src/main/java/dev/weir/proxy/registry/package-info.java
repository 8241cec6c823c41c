/** The schema registries that this proxy may ask: how it comes to them, and what of that changes while it runs. */
@NullMarked
package dev.weir.proxy.registry;

import org.jspecify.annotations.NullMarked;
