/** Canaries in the data path: what a proxy knows of who owns which record of its clusters. */
@NullMarked
package dev.weir.proxy.canary;

import org.jspecify.annotations.NullMarked;
