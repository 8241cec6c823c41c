/**
 * Asks schema registries which schema a record means: over HTTP, without holding a thread, and as seldom as can be.
 */
@NullMarked
package dev.weir.schema.registry;

import org.jspecify.annotations.NullMarked;
