package dev.weir.cli.mesh;

import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Words;
import dev.weir.proxy.admin.StatusReport.FaultReport;
import dev.weir.proxy.admin.StatusReport.LimitReport;
import dev.weir.proxy.admin.StatusReport.QuotaReport;
import dev.weir.proxy.traffic.FaultStatus;
import dev.weir.proxy.traffic.Faults;
import dev.weir.proxy.traffic.QuotaStatus;
import org.jspecify.annotations.Nullable;

/** What the status says of faults and quotas. */
final class TrafficReports {
    private TrafficReports() {}

    static FaultReport fault(FaultStatus fault) {
        FaultPolicy policy = fault.policy();
        return new FaultReport(
                fault.name(),
                policy == null ? null : Faults.describe(policy),
                policy == null ? null : mode(policy.dryRun()),
                policy == null ? null : at(policy.rule()),
                fault.injected(),
                fault.dryRun(),
                fault.spared());
    }

    static QuotaReport quota(QuotaStatus quota) {
        QuotaPolicy policy = quota.policy();
        return new QuotaReport(
                quota.policy().name(),
                policy.service(),
                mode(policy.dryRun()),
                at(policy.rule()),
                limit(policy.requests(), quota.requests()),
                limit(policy.produceBytes(), quota.produceBytes()),
                limit(policy.fetchBytes(), quota.fetchBytes()),
                quota.throttled(),
                quota.throttledMillis(),
                quota.dryRun());
    }

    private static @Nullable LimitReport limit(long perSecond, long used) {
        return perSecond == 0 ? null : new LimitReport(perSecond, used);
    }

    private static String mode(boolean dryRun) {
        return Words.of(dryRun ? Mode.DRY_RUN : Mode.ENFORCE);
    }

    private static String at(RuleRef rule) {
        return rule.file() + ":" + rule.line();
    }
}
