package dev.weir.cli.identity;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.Words;
import dev.weir.proxy.authenticate.token.Claims;
import dev.weir.proxy.config.OAuthBearerConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whom a question is about: what a certificate says, or a user of SASL, or a token, or nobody at all. A question that a
 * running mesh is asked has the same parts as parameters.
 *
 * @param sans subject alternative names, without their kind
 * @param distinguishedName the certificate's subject, or empty
 * @param user of SASL, or empty
 * @param mechanism of SASL, as the SASL registry spells it, or empty for PLAIN
 * @param claims of a token, each with its values
 */
public record IdentityQuestion(
        List<String> sans, String distinguishedName, String user, String mechanism, Map<String, List<String>> claims) {
    private static final String CLAIM = "claim.";

    public IdentityQuestion {
        sans = List.copyOf(sans);
        claims = Map.copyOf(claims);
    }

    /**
     * From the parameters of a request.
     *
     * @throws IllegalArgumentException in words
     */
    public static IdentityQuestion of(Map<String, List<String>> parameters) {
        Map<String, List<String>> claims = new TreeMap<>();
        parameters.forEach((name, values) -> {
            if (name.startsWith(CLAIM)) {
                claims.put(name.substring(CLAIM.length()), values);
            } else if (!List.of("san", "subject", "sasl", "mechanism").contains(name)) {
                throw new IllegalArgumentException("unknown parameter " + name
                        + "; expected san, subject, sasl, mechanism, claim.NAME or connection");
            }
        });
        return new IdentityQuestion(
                parameters.getOrDefault("san", List.of()),
                first(parameters, "subject"),
                first(parameters, "sasl"),
                first(parameters, "mechanism"),
                claims);
    }

    private static String first(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new IllegalArgumentException("one value of " + name + " is enough");
        }
        return values.isEmpty() ? "" : values.get(0);
    }

    /** The values of a claim; none without a token. */
    public List<String> claim(String name) {
        return claims.getOrDefault(name, List.of());
    }

    /** The same as parameters of a request. */
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new TreeMap<>();
        put(parameters, "san", sans);
        put(parameters, "subject", distinguishedName.isEmpty() ? List.of() : List.of(distinguishedName));
        put(parameters, "sasl", user.isEmpty() ? List.of() : List.of(user));
        put(parameters, "mechanism", mechanism.isEmpty() ? List.of() : List.of(mechanism));
        claims.forEach((name, values) -> put(parameters, CLAIM + name, values));
        return parameters;
    }

    private static void put(Map<String, List<String>> parameters, String name, List<String> values) {
        if (!values.isEmpty()) {
            parameters.put(name, values);
        }
    }

    /**
     * The peer that a proxy would see: of a certificate the first name is the principal, as {@code principalFrom: [san-uri,
     * subject]} has it; of a token the claim {@code sub}.
     *
     * @throws IllegalArgumentException for what does not go together, or is none
     */
    public Subject subject() {
        return subject(OAuthBearerConfig.PRINCIPAL_CLAIM_DEFAULT, "");
    }

    /**
     * As {@link #subject()}, where a listener says what it takes from tokens.
     *
     * @param principalClaim the claim that names the principal
     * @param groupsClaim a claim whose values policy sees as the claim {@code groups}, or empty
     */
    public Subject subject(String principalClaim, String groupsClaim) {
        boolean certificate = !sans.isEmpty() || !distinguishedName.isEmpty();
        int kinds = (certificate ? 1 : 0) + (user.isEmpty() ? 0 : 1) + (claims.isEmpty() ? 0 : 1);
        if (kinds > 1) {
            throw new IllegalArgumentException("one of a certificate (san, subject), a user (sasl) and a token");
        }
        InetAddress source = InetAddress.getLoopbackAddress();
        if (certificate) {
            if (!distinguishedName.isEmpty()
                    && Identity.canonical(distinguishedName).isEmpty()) {
                throw new IllegalArgumentException("\"" + distinguishedName
                        + "\" is no distinguished name; expected one such as CN=payments,O=Shop");
            }
            Principal principal = Principal.user(sans.isEmpty() ? distinguishedName : sans.get(0));
            return new Subject(principal, Mechanism.MTLS, true, sans, distinguishedName, Map.of(), source);
        }
        if (!claims.isEmpty()) {
            List<String> names = claims.getOrDefault(principalClaim, List.of());
            Principal principal = Principal.user(names.isEmpty() || names.get(0).isEmpty() ? "unknown" : names.get(0));
            Map<String, List<String>> seen = new TreeMap<>(claims);
            if (!groupsClaim.isEmpty()) {
                seen.put(Claims.GROUPS, claims.getOrDefault(groupsClaim, List.of()));
            }
            return new Subject(principal, Mechanism.OAUTHBEARER, true, List.of(), "", seen, source);
        }
        return user.isEmpty() ? Subject.anonymous(true, source) : Subject.sasl(user, saslMechanism(), true, source);
    }

    private Mechanism saslMechanism() {
        Mechanism known = Words.MECHANISMS.get(mechanism.isEmpty() ? "PLAIN" : mechanism);
        if (known == null || known == Mechanism.NONE || known == Mechanism.MTLS) {
            throw new IllegalArgumentException("unknown mechanism \"" + mechanism
                    + "\"; expected PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER");
        }
        return known;
    }
}
