package dev.weir.policy.compile;

import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.Quota;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The documents about quotas, compiled to a lookup by Service. Immutable.
 *
 * @param all in the order of the files
 */
record CompiledQuotas(List<QuotaPolicy> all, Map<String, List<QuotaPolicy>> byService) {

    static CompiledQuotas compile(Policy policy, String revision) {
        List<QuotaPolicy> all = policy.quotas().stream()
                .map(document -> compile(document, policy.mode(), revision))
                .toList();
        return new CompiledQuotas(
                all,
                all.stream().collect(Collectors.groupingBy(QuotaPolicy::service, Collectors.toUnmodifiableList())));
    }

    private static QuotaPolicy compile(Quota document, Mode mesh, String revision) {
        return new QuotaPolicy(
                new RuleRef(document.name(), document.at().file(), document.at().line(), revision),
                document.service(),
                CompiledFaults.topics(document.topics()),
                document.produceBytes(),
                document.fetchBytes(),
                document.requests(),
                (int) document.burst().toMillis(),
                document.mode().orElse(mesh) == Mode.DRY_RUN);
    }

    List<QuotaPolicy> of(String service) {
        return byService.getOrDefault(service, List.of());
    }
}
