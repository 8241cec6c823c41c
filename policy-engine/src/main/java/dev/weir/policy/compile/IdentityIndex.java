package dev.weir.policy.compile;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** From what is known of a peer to the Services that it is. Immutable. */
final class IdentityIndex {
    private final Map<String, Set<String>> bySan = new HashMap<>();
    private final Map<SaslKey, Set<String>> bySasl = new HashMap<>();
    private final Map<String, Set<String>> byDistinguishedName = new HashMap<>();
    private final Set<String> anonymous = new TreeSet<>();
    private final List<ClaimsOf> claims = new ArrayList<>();

    /** An empty mechanism stands for any. */
    private record SaslKey(String name, Optional<Mechanism> mechanism) {}

    private record ClaimsOf(Map<String, String> claims, String service) {
        boolean matches(Map<String, List<String>> found) {
            return claims.entrySet().stream()
                    .allMatch(claim ->
                            found.getOrDefault(claim.getKey(), List.of()).contains(claim.getValue()));
        }
    }

    IdentityIndex(Collection<Service> services) {
        for (Service service : services) {
            service.identities().forEach(identity -> add(identity, service.name()));
        }
    }

    private void add(Identity identity, String service) {
        if (identity instanceof Identity.San san) {
            put(bySan, san.name(), service);
        } else if (identity instanceof Identity.Sasl sasl) {
            put(bySasl, new SaslKey(sasl.name(), sasl.mechanism()), service);
        } else if (identity instanceof Identity.DistinguishedName name) {
            put(byDistinguishedName, name.canonical(), service);
        } else if (identity instanceof Identity.Claims all) {
            claims.add(new ClaimsOf(all.claims(), service));
        } else if (identity instanceof Identity.Anonymous) {
            anonymous.add(service);
        }
    }

    /** The Services that a caller without credentials is. */
    Set<String> anonymous() {
        return anonymous;
    }

    /** All Services that the subject is, sorted: none, one, or - which is refused - more. */
    Set<String> services(Subject subject) {
        Set<String> services = new TreeSet<>();
        subject.subjectAlternativeNames().forEach(san -> services.addAll(bySan.getOrDefault(san, Set.of())));
        if (!subject.distinguishedName().isEmpty()) {
            Identity.canonical(subject.distinguishedName())
                    .ifPresent(name -> services.addAll(byDistinguishedName.getOrDefault(name, Set.of())));
        }
        switch (subject.mechanism()) {
            case NONE -> services.addAll(anonymous);
            case MTLS -> {}
            case PLAIN, SCRAM_SHA_256, SCRAM_SHA_512, OAUTHBEARER -> {
                String name = subject.principal().name();
                services.addAll(bySasl.getOrDefault(new SaslKey(name, Optional.empty()), Set.of()));
                services.addAll(bySasl.getOrDefault(new SaslKey(name, Optional.of(subject.mechanism())), Set.of()));
            }
        }
        for (ClaimsOf known : claims) {
            if (known.matches(subject.claims())) {
                services.add(known.service);
            }
        }
        return services;
    }

    private static <K> void put(Map<K, Set<String>> index, K key, String service) {
        index.computeIfAbsent(key, k -> new TreeSet<>()).add(service);
    }
}
