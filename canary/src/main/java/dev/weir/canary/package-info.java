/** Which version of a service owns which record: a function of partition, offset and key, the same on every proxy. */
@NullMarked
package dev.weir.canary;

import org.jspecify.annotations.NullMarked;
