package dev.weir.policy.compile;

import dev.weir.policy.decide.ClientFaults;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.Fault;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles the documents about faults to a lookup by client. Immutable once made. */
final class CompiledFaults {
    private final List<FaultPolicy> all = new ArrayList<>();
    private final Map<String, List<OfClients>> byService = new HashMap<>();

    private record OfClients(Optional<NamePattern> clientIds, FaultPolicy fault) {
        boolean include(String clientId) {
            return clientIds.isEmpty() || clientIds.get().matches(clientId);
        }
    }

    private CompiledFaults() {}

    /** @param now those that have ended by then are left out; empty for none */
    static CompiledFaults compile(Policy policy, String revision, Optional<Instant> now) {
        CompiledFaults compiled = new CompiledFaults();
        policy.faults().stream()
                .filter(document -> now.isEmpty() || !document.isExpired(now.get()))
                .forEach(document -> compiled.add(document, policy, revision));
        return compiled;
    }

    private void add(Fault document, Policy policy, String revision) {
        FaultPolicy fault = new FaultPolicy(
                new RuleRef(document.name(), document.at().file(), document.at().line(), revision),
                document.service(),
                document.clientId().map(NamePattern::toString).orElse(""),
                document.effect(),
                document.shareBasisPoints(),
                document.apis(),
                topics(document.topics()),
                document.mode().orElse(policy.mode()) == Mode.DRY_RUN,
                document.expires().orElse(null));
        all.add(fault);
        byService
                .computeIfAbsent(document.service(), service -> new ArrayList<>())
                .add(new OfClients(document.clientId(), fault));
    }

    static TopicTable<Boolean> topics(List<NamePattern> patterns) {
        Map<String, Boolean> literals = new HashMap<>();
        Map<String, Boolean> prefixes = new HashMap<>();
        patterns.forEach(topic -> (topic.prefix() ? prefixes : literals).put(topic.text(), true));
        return TopicTable.of(literals, prefixes);
    }

    List<FaultPolicy> all() {
        return List.copyOf(all);
    }

    ClientFaults of(String service, String clientId) {
        List<OfClients> candidates = byService.getOrDefault(service, List.of());
        return ClientFaults.of(candidates.stream()
                .filter(candidate -> candidate.include(clientId))
                .map(OfClients::fault)
                .toList());
    }
}
