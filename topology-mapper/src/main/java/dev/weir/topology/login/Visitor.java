package dev.weir.topology.login;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param name for people
 * @param role the highest that the identity provider's claim gives; empty for none
 * @param expiresAtMillis when this has to be proven again
 */
public record Visitor(String name, Optional<Role> role, long expiresAtMillis) {
    boolean may(Role wanted) {
        return role.isPresent() && role.get().compareTo(wanted) >= 0;
    }
}
