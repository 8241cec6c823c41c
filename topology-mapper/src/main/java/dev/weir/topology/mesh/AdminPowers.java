package dev.weir.topology.mesh;

import dev.weir.topology.security.RuleUse;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.SecurityView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Who has power over the cluster, and who used it. */
final class AdminPowers {
    private AdminPowers() {}

    /** By service. */
    static List<SecurityView.AdminPower> of(List<PolicyView.AdminPower> powers, Map<RuleUse.Key, RuleUse> uses) {
        return powers.stream()
                .map(power -> {
                    RuleUse use = uses.getOrDefault(new RuleUse.Key(power.rule(), power.service()), RuleUse.NONE);
                    return new SecurityView.AdminPower(
                            power.service(),
                            String.join(", ", power.operations()),
                            String.join(", ", power.resources()),
                            power.rule(),
                            power.ruleAt(),
                            use.count(),
                            use.lastMillis());
                })
                .sorted(Comparator.comparing(SecurityView.AdminPower::service)
                        .thenComparing(SecurityView.AdminPower::rule))
                .toList();
    }
}
