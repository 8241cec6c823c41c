package dev.weir.proxy.report;

import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.trace.TraceSettings;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy reports.
 *
 * @param home the cluster that holds the report topics; Weir connects to it with the credentials given there
 * @param proxyName unique in the mesh, and best the same after a restart
 * @param weirVersion of this program
 * @param policy the policy in force; asked every few seconds, and cheap
 * @param intervalMillis how long a round takes
 * @param deliveryTimeoutMillis how long a report waits for Kafka to take it before it is dropped
 * @param traces which requests are also told as spans, or {@code null} for none
 * @param audit where the audit of the proxy comes together; others may have put into it before
 */
public record ReportSettings(
        ClusterConfig home,
        String proxyName,
        String weirVersion,
        Supplier<PolicyInForce> policy,
        int intervalMillis,
        int deliveryTimeoutMillis,
        @Nullable TraceSettings traces,
        AuditTrail audit) {
    public static final int INTERVAL_MILLIS = 1_000;
    public static final int DELIVERY_TIMEOUT_MILLIS = 30_000;

    /** A round a second. */
    public static ReportSettings of(
            ClusterConfig home, String proxyName, String weirVersion, Supplier<PolicyInForce> policy) {
        return new ReportSettings(
                home,
                proxyName,
                weirVersion,
                policy,
                INTERVAL_MILLIS,
                DELIVERY_TIMEOUT_MILLIS,
                null,
                new AuditTrail(null));
    }

    /** The same, in other rounds. */
    public ReportSettings withTimes(int newIntervalMillis, int newDeliveryTimeoutMillis) {
        return new ReportSettings(
                home, proxyName, weirVersion, policy, newIntervalMillis, newDeliveryTimeoutMillis, traces, audit);
    }

    /** The same, with an audit that was begun before. */
    public ReportSettings withAudit(AuditTrail begun) {
        return new ReportSettings(
                home, proxyName, weirVersion, policy, intervalMillis, deliveryTimeoutMillis, traces, begun);
    }

    /** The same, with spans. */
    public ReportSettings withTraces(TraceSettings with) {
        return new ReportSettings(
                home, proxyName, weirVersion, policy, intervalMillis, deliveryTimeoutMillis, with, audit);
    }
}
