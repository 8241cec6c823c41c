/** Certificates, keys and authorities of listeners and clusters: read from PEM files, checked, given to Vert.x, renewed. */
@NullMarked
package dev.weir.proxy.tls;

import org.jspecify.annotations.NullMarked;
