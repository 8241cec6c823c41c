package dev.weir.policy.model;

import dev.weir.mesh.Mechanism;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** One way in which a Service proves who it is. */
public sealed interface Identity {

    /** A subject alternative name of the client certificate, without its kind in front. */
    record San(String name) implements Identity {}

    /** The name of a SASL authentication; by any mechanism, or by the one named. */
    record Sasl(String name, Optional<Mechanism> mechanism) implements Identity {}

    /** The subject of the client certificate, in the canonical form of {@link #canonical}. */
    record DistinguishedName(String canonical) implements Identity {}

    /** Claims of a token, all of which must have the value given; a claim that is a list, among its elements. */
    record Claims(Map<String, String> claims) implements Identity {
        public Claims {
            claims = Map.copyOf(claims);
        }
    }

    /** Whoever comes without credentials. */
    record Anonymous() implements Identity {}

    /** The one form in which equal distinguished names are equal texts, or empty if the text is none (RFC 2253). */
    static Optional<String> canonical(String distinguishedName) {
        try {
            return Optional.of(new X500Principal(distinguishedName).getName(X500Principal.CANONICAL));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
