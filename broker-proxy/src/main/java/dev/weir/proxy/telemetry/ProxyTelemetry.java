package dev.weir.proxy.telemetry;

import java.util.function.Consumer;

/**
 * Where the proxy tells what it does.
 *
 * @param metrics the counters
 * @param denials told of every denial, on the connection's event loop: it returns at once and throws nothing
 */
public record ProxyTelemetry(ProxyMetrics metrics, Consumer<Denial> denials) {

    /** Counts, and tells nobody of single denials. */
    public static ProxyTelemetry of(ProxyMetrics metrics) {
        return new ProxyTelemetry(metrics, denial -> {});
    }

    /** Counts a denial and passes it on. */
    public void denied(Denial denial) {
        metrics.listener(denial.listener())
                .denied(
                        denial.service(),
                        denial.operation(),
                        denial.resource(),
                        denial.decision().dryRunDenied());
        denials.accept(denial);
    }
}
