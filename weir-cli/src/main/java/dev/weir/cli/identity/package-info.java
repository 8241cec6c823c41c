/**
 * {@code weir identity}: certificates for services and listeners, from a small authority in a folder or from Vault; and
 * which Service somebody is, by which line of policy, and what that lets it do.
 */
@NullMarked
package dev.weir.cli.identity;

import org.jspecify.annotations.NullMarked;
