/** {@code weir identity}: certificates for services and listeners, from a small authority in a folder or from Vault. */
@NullMarked
package dev.weir.cli.identity;

import org.jspecify.annotations.NullMarked;
