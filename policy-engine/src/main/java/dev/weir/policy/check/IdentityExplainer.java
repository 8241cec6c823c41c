package dev.weir.policy.check;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.check.IdentityExplanation.Match;
import dev.weir.policy.check.IdentityExplanation.NearMiss;
import dev.weir.policy.check.IdentityExplanation.Right;
import dev.weir.policy.check.IdentityExplanation.Told;
import dev.weir.policy.compile.CompiledRule;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.model.AccessDocument;
import dev.weir.policy.model.AccessKind;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.IdentityPropagation;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.Rule;
import dev.weir.policy.model.Service;
import dev.weir.policy.model.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says which Service a peer is, by which line of the policy, and what that lets it do. */
public final class IdentityExplainer {
    private static final int NEAR_MISSES_MAX = 5;

    private final CompiledSnapshot snapshot;
    private final Instant now;

    /** @param now the instant at which rules count as expired */
    public IdentityExplainer(CompiledSnapshot snapshot, Instant now) {
        this.snapshot = snapshot;
        this.now = now;
    }

    /** As the proxy would take this peer. */
    public IdentityExplanation explain(Subject subject) {
        Set<String> services = snapshot.services(subject);
        List<Match> matches = new ArrayList<>();
        List<Scored> others = new ArrayList<>();
        for (Service service : snapshot.policy().services().values()) {
            for (Service.Declared declared : service.declared()) {
                if (CompiledSnapshot.has(subject, declared.identity())) {
                    matches.add(new Match(service.name(), words(declared.identity()), declared.at()));
                } else {
                    near(service, declared, subject).ifPresent(others::add);
                }
            }
        }
        List<NearMiss> nearMisses = services.size() == 1
                ? List.of()
                : others.stream()
                        .sorted(Comparator.comparingInt(Scored::score))
                        .limit(NEAR_MISSES_MAX)
                        .map(Scored::miss)
                        .toList();
        String service = services.size() == 1 ? services.iterator().next() : "";
        boolean refused = services.size() > 1;
        return new IdentityExplanation(
                services, matches, nearMisses, refused ? List.of() : rights(service), refused ? List.of() : told());
    }

    private record Scored(NearMiss miss, int score) {}

    private static Optional<Scored> near(Service service, Service.Declared declared, Subject subject) {
        Identity identity = declared.identity();
        return IdentityMismatch.of(identity, subject)
                .map(mismatch -> new Scored(
                        new NearMiss(service.name(), words(identity), declared.at(), mismatch.reason()),
                        mismatch.score()));
    }

    private List<Told> told() {
        Policy policy = snapshot.policy();
        return policy.propagations().stream()
                .filter(IdentityPropagation::principal)
                .map(document -> new Told(
                        document.name(),
                        document.at(),
                        document.topics().stream().map(NamePattern::toString).toList(),
                        document.mode().orElse(policy.mode()),
                        document.signature()))
                .toList();
    }

    private List<Right> rights(String service) {
        Map<Rule, AccessKind> kinds = snapshot.policy().documents().stream()
                .flatMap(document -> document.rules().stream().map(rule -> Map.entry(rule, document)))
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> kind(entry.getValue()), (left, right) -> left));
        return snapshot.rules().stream()
                .filter(compiled -> compiled.rule()
                        .callers()
                        .include(service, compiled.rule().effect()))
                .map(compiled -> right(compiled, kinds.get(compiled.rule()) == AccessKind.ADMIN_ACCESS))
                .toList();
    }

    private static AccessKind kind(AccessDocument document) {
        return document.kind();
    }

    private Right right(CompiledRule compiled, boolean admin) {
        Rule rule = compiled.rule();
        List<String> names = rule.grants().stream()
                .map(grant -> Words.of(grant.type()) + " " + grant.pattern())
                .distinct()
                .toList();
        return new Right(
                rule.reference(),
                rule.at(),
                rule.effect(),
                compiled.mode(),
                admin,
                rule.actions(),
                names,
                rule.when().isPresent(),
                rule.isExpired(now));
    }

    /** As policy writes it. */
    private static String words(Identity identity) {
        if (identity instanceof Identity.San san) {
            return "san: " + san.name();
        } else if (identity instanceof Identity.Sasl sasl) {
            return "sasl: " + sasl.name()
                    + sasl.mechanism()
                            .map(Mechanism::wireName)
                            .map(name -> ", mechanism: " + name)
                            .orElse("");
        } else if (identity instanceof Identity.DistinguishedName name) {
            return "dn: " + name.canonical();
        } else if (identity instanceof Identity.Claims claims) {
            return "claims: "
                    + claims.claims().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(claim -> claim.getKey() + ": " + claim.getValue())
                            .collect(Collectors.joining(", ", "{", "}"));
        }
        return "anonymous: true";
    }
}
