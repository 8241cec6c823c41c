package dev.weir.policy.check;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.model.Identity;
import dev.weir.policy.yaml.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In what a subject and an identity that it does not have differ, where they are near enough for that to be a mistake.
 *
 * @param score the smaller, the nearer
 */
record IdentityMismatch(String reason, int score) {
    /** Names that differ by more than a third of their letters are other names. */
    private static final int LETTERS_PER_EDIT = 3;

    private static final int OTHER_MECHANISM = 1;
    private static final int OTHER_WAY = 2;
    private static final int PER_CLAIM = 3;

    static Optional<IdentityMismatch> of(Identity identity, Subject subject) {
        if (identity instanceof Identity.San san) {
            return ofSan(san, subject);
        } else if (identity instanceof Identity.Sasl sasl) {
            return ofSasl(sasl, subject);
        } else if (identity instanceof Identity.DistinguishedName name) {
            String own = Identity.canonical(subject.distinguishedName()).orElse("");
            return own.isEmpty() ? Optional.empty() : ofName(name.canonical(), own, "the certificate's subject is ");
        } else if (identity instanceof Identity.Claims claims) {
            return subject.claims().isEmpty() ? Optional.empty() : ofClaims(claims, subject);
        }
        return Optional.empty();
    }

    private static Optional<IdentityMismatch> ofSan(Identity.San san, Subject subject) {
        if (isSasl(subject.mechanism()) && san.name().equals(subject.principal().name())) {
            return Optional.of(
                    new IdentityMismatch("the name fits, but it came by SASL: write sasl: " + san.name(), OTHER_WAY));
        }
        return subject.subjectAlternativeNames().stream()
                .flatMap(name -> ofName(san.name(), name, "the certificate has ").stream())
                .min(Comparator.comparingInt(IdentityMismatch::score));
    }

    private static Optional<IdentityMismatch> ofSasl(Identity.Sasl sasl, Subject subject) {
        String name = subject.principal().name();
        if (isSasl(subject.mechanism())) {
            if (!sasl.name().equals(name)) {
                return ofName(sasl.name(), name, "the user is ");
            }
            String mechanism = sasl.mechanism().map(Mechanism::wireName).orElse("");
            return Optional.of(new IdentityMismatch(
                    "the name fits, but it has to come by " + mechanism + ", not by "
                            + subject.mechanism().wireName(),
                    OTHER_MECHANISM));
        }
        boolean asCertificate = subject.subjectAlternativeNames().contains(sasl.name())
                || sasl.name().equals(name);
        return asCertificate && subject.mechanism() == Mechanism.MTLS
                ? Optional.of(new IdentityMismatch(
                        "the name fits, but it came by a certificate: write san: " + sasl.name(), OTHER_WAY))
                : Optional.empty();
    }

    private static Optional<IdentityMismatch> ofClaims(Identity.Claims claims, Subject subject) {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, String> claim : claims.claims().entrySet()) {
            List<String> found = subject.claims().get(claim.getKey());
            if (found == null) {
                wrong.add("the token has no claim " + claim.getKey());
            } else if (!has(subject, claim)) {
                wrong.add("its claim " + claim.getKey() + " is " + String.join(", ", found) + ", not "
                        + claim.getValue());
            }
        }
        return wrong.size() < claims.claims().size()
                ? Optional.of(new IdentityMismatch(String.join("; ", wrong), wrong.size() * PER_CLAIM))
                : Optional.empty();
    }

    private static boolean has(Subject subject, Map.Entry<String, String> claim) {
        return CompiledSnapshot.has(subject, new Identity.Claims(Map.of(claim.getKey(), claim.getValue())));
    }

    private static Optional<IdentityMismatch> ofName(String declared, String own, String before) {
        int edits = Nearest.distance(declared, own);
        return edits <= Math.max(1, Math.max(declared.length(), own.length()) / LETTERS_PER_EDIT)
                ? Optional.of(new IdentityMismatch(before + own, edits))
                : Optional.empty();
    }

    private static boolean isSasl(Mechanism mechanism) {
        return switch (mechanism) {
            case PLAIN, SCRAM_SHA_256, SCRAM_SHA_512, OAUTHBEARER -> true;
            case NONE, MTLS -> false;
        };
    }
}
