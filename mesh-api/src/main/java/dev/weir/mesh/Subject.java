package dev.weir.mesh;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that is known of the peer of one downstream connection once it is authenticated. Immutable.
 *
 * @param principal who
 * @param mechanism how it proved that
 * @param tls whether the connection is encrypted
 * @param subjectAlternativeNames the certificate's SANs as {@code uri}, {@code dns} or {@code ip} text, without the
 *     kind in front ({@code spiffe://shop/ns/prod/sa/payments}); empty without a client certificate
 * @param distinguishedName the certificate's subject (RFC 2253), or empty
 * @param claims claims of a token, by name, each with its values (a claim that is no list has one); empty without one
 * @param source the address that the connection comes from
 */
public record Subject(
        Principal principal,
        Mechanism mechanism,
        boolean tls,
        List<String> subjectAlternativeNames,
        String distinguishedName,
        Map<String, List<String>> claims,
        InetAddress source) {

    public Subject {
        subjectAlternativeNames = List.copyOf(subjectAlternativeNames);
        claims = claims.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, claim -> List.copyOf(claim.getValue())));
    }

    /** A peer that authenticated by nothing at all. */
    public static Subject anonymous(boolean tls, InetAddress source) {
        return new Subject(Principal.ANONYMOUS, Mechanism.NONE, tls, List.of(), "", Map.of(), source);
    }

    /** A peer that showed a token. */
    public static Subject bearer(String name, Map<String, List<String>> claims, boolean tls, InetAddress source) {
        return new Subject(Principal.user(name), Mechanism.OAUTHBEARER, tls, List.of(), "", claims, source);
    }

    /** A peer that authenticated by SASL, without a client certificate. */
    public static Subject sasl(String name, Mechanism mechanism, boolean tls, InetAddress source) {
        return new Subject(Principal.user(name), mechanism, tls, List.of(), "", Map.of(), source);
    }
}
