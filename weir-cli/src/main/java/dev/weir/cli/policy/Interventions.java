package dev.weir.cli.policy;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.NamePattern;
import dev.weir.proxy.traffic.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Faults on purpose and quotas that what was asked about would meet, besides being allowed or not. */
final class Interventions {
    private Interventions() {}

    /**
     * One of them.
     *
     * @param kind {@code Fault} or {@code Quota}
     */
    record Intervention(String kind, RuleRef rule, String what, boolean dryRun) {}

    /**
     * Those of a Service.
     *
     * @param topic only those that are about it, or about all; {@code null}: those that are about all
     * @param clientId only those about clients of this name; empty for all
     */
    static List<Intervention> of(CompiledSnapshot policy, String service, @Nullable String topic, String clientId) {
        Stream<Intervention> faults = policy.faults().stream()
                .filter(fault -> fault.service().equals(service)
                        && (topic == null ? fault.topics().isEmpty() : fault.concerns(topic))
                        && (clientId.isEmpty() || isAbout(fault, clientId)))
                .map(fault -> new Intervention("Fault", fault.rule(), Faults.describe(fault), fault.dryRun()));
        Stream<Intervention> quotas = policy.quotas().stream()
                .filter(quota -> quota.service().equals(service)
                        && (quota.isAboutAll()
                                || (topic != null && quota.topics().find(topic) != null)))
                .map(quota -> new Intervention("Quota", quota.rule(), describe(quota), quota.dryRun()));
        return Stream.concat(faults, quotas).toList();
    }

    private static boolean isAbout(FaultPolicy fault, String clientId) {
        String written = fault.clientId();
        return written.isEmpty()
                || (written.endsWith("*")
                                ? new NamePattern(written.substring(0, written.length() - 1), true)
                                : new NamePattern(written, false))
                        .matches(clientId);
    }

    private static String describe(QuotaPolicy quota) {
        List<String> limits = new ArrayList<>();
        put(limits, quota.produceBytes(), "bytes produced");
        put(limits, quota.fetchBytes(), "bytes fetched");
        put(limits, quota.requests(), "requests");
        return "at most " + String.join(", ", limits) + " a second, through each proxy";
    }

    private static void put(List<String> limits, long perSecond, String what) {
        if (perSecond > 0) {
            limits.add(perSecond + " " + what);
        }
    }
}
