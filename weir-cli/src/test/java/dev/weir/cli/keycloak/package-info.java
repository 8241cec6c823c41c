/** The whole mesh with a real identity provider: Kafka clients, programs and people log in with what Keycloak gives them. */
@NullMarked
package dev.weir.cli.keycloak;

import org.jspecify.annotations.NullMarked;
