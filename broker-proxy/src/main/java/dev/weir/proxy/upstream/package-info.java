/** Connections to brokers: opened, encrypted and authenticated as one cluster wants it. */
@NullMarked
package dev.weir.proxy.upstream;

import org.jspecify.annotations.NullMarked;
