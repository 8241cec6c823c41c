package dev.weir.cli.mesh;

import dev.weir.cli.WeirVersion;
import dev.weir.cli.config.ReportsConfig;
import dev.weir.policy.store.PolicyStatus;
import dev.weir.policy.store.PolicyStore;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.report.PolicyInForce;
import dev.weir.proxy.report.ReportSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together how the proxy of a mesh reports. */
final class Reporting {
    private static final int PROBLEMS_MAX = 5;

    private Reporting() {}

    /** @param adminPort tells proxies on one host apart */
    static @Nullable ReportSettings settings(
            @Nullable ReportsConfig config, PolicyStore policy, int adminPort, AuditTrail audit) {
        return config == null
                ? null
                : ReportSettings.of(
                                config.home(),
                                proxyName(config, adminPort),
                                WeirVersion.current(),
                                () -> inForce(policy.status()))
                        .withAudit(audit);
    }

    /** Unique in the mesh unless two proxies were given one name. */
    static String proxyName(@Nullable ReportsConfig config, int adminPort) {
        Optional<String> given = config == null ? Optional.empty() : config.proxyName();
        return given.orElseGet(() -> hostName() + ":" + adminPort);
    }

    private static PolicyInForce inForce(PolicyStatus status) {
        String problem = status.error().isEmpty()
                ? status.problems().stream()
                        .limit(PROBLEMS_MAX)
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n"))
                : status.error();
        long sinceMillis = status.isReady() ? status.since().toEpochMilli() : 0;
        return new PolicyInForce(status.revision(), status.state().name(), sinceMillis, problem);
    }

    private static String hostName() {
        String fromEnvironment = System.getenv("HOSTNAME");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
