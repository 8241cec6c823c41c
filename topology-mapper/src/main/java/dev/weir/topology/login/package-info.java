/**
 * Who may see the mesh: log-in of people by OpenID Connect (authorization code with PKCE), sessions in a sealed cookie, so
 * that every instance knows them, and bearer tokens of programs. Cryptography and protocol are those of Nimbus.
 */
@NullMarked
package dev.weir.topology.login;

import org.jspecify.annotations.NullMarked;
