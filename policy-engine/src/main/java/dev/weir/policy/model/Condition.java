package dev.weir.policy.model;

import dev.weir.mesh.Mechanism;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule's {@code when:}. All keys that are written must hold; of a list, one element is enough. Asking allocates
 * nothing, so lists are gone through by index.
 */
public record Condition(
        Optional<Boolean> tls,
        Set<Mechanism> mechanisms,
        List<Network> sources,
        List<Claim> claims,
        List<NamePattern> clientIds) {

    /** A claim that must have one of some values; of a claim that is a list, one element is enough. */
    public record Claim(String name, Set<String> values) {
        public Claim {
            values = Set.copyOf(values);
        }

        boolean matches(List<String> found) {
            for (int i = 0; i < found.size(); i++) {
                if (values.contains(found.get(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What a condition comes to. */
    public enum Outcome {
        HOLDS,
        FAILS,
        /** It asks for what is not known. */
        UNKNOWN
    }

    public Condition {
        mechanisms = Set.copyOf(mechanisms);
        sources = List.copyOf(sources);
        claims = List.copyOf(claims);
        clientIds = List.copyOf(clientIds);
    }

    /** Whether a rule with this condition applies: what cannot be evaluated matches a deny and fails an allow. */
    public boolean applies(Circumstances circumstances, Effect effect) {
        Outcome outcome = outcome(circumstances);
        return outcome == Outcome.HOLDS || (outcome == Outcome.UNKNOWN && effect == Effect.DENY);
    }

    /** One key that fails is enough to fail; otherwise one that is unknown makes the whole unknown. */
    public Outcome outcome(Circumstances circumstances) {
        Outcome outcome = and(tls(circumstances), mechanism(circumstances));
        outcome = and(outcome, source(circumstances));
        outcome = and(outcome, clientId(circumstances));
        return and(outcome, claims(circumstances));
    }

    private Outcome tls(Circumstances circumstances) {
        if (tls.isEmpty()) {
            return Outcome.HOLDS;
        }
        return circumstances.tls().isEmpty() ? Outcome.UNKNOWN : of(tls.equals(circumstances.tls()));
    }

    private Outcome mechanism(Circumstances circumstances) {
        if (mechanisms.isEmpty()) {
            return Outcome.HOLDS;
        }
        return circumstances.mechanism().isEmpty()
                ? Outcome.UNKNOWN
                : of(mechanisms.contains(circumstances.mechanism().get()));
    }

    private Outcome source(Circumstances circumstances) {
        if (sources.isEmpty()) {
            return Outcome.HOLDS;
        }
        if (circumstances.source().isEmpty()) {
            return Outcome.UNKNOWN;
        }
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).contains(circumstances.source().get())) {
                return Outcome.HOLDS;
            }
        }
        return Outcome.FAILS;
    }

    private Outcome clientId(Circumstances circumstances) {
        if (clientIds.isEmpty()) {
            return Outcome.HOLDS;
        }
        if (circumstances.clientId().isEmpty()) {
            return Outcome.UNKNOWN;
        }
        for (int i = 0; i < clientIds.size(); i++) {
            if (clientIds.get(i).matches(circumstances.clientId())) {
                return Outcome.HOLDS;
            }
        }
        return Outcome.FAILS;
    }

    private Outcome claims(Circumstances circumstances) {
        Outcome outcome = Outcome.HOLDS;
        for (int i = 0; i < claims.size(); i++) {
            List<String> found = circumstances.claims().get(claims.get(i).name());
            outcome = and(
                    outcome, found == null ? Outcome.UNKNOWN : of(claims.get(i).matches(found)));
        }
        return outcome;
    }

    private static Outcome of(boolean holds) {
        return holds ? Outcome.HOLDS : Outcome.FAILS;
    }

    private static Outcome and(Outcome left, Outcome right) {
        if (left == Outcome.FAILS || right == Outcome.FAILS) {
            return Outcome.FAILS;
        }
        return left == Outcome.UNKNOWN ? left : right;
    }
}
