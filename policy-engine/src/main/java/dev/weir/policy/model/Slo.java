package dev.weir.policy.model;

import dev.weir.policy.yaml.Position;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A service level objective: a share of the records of some topics is to be committed within a time of their append.
 *
 * @param owner who answers for it, or empty
 * @param service whose groups are meant; empty when a group is named
 * @param group whose commits count; empty when a Service is named
 * @param cluster the cluster of the topics; empty for every cluster
 * @param objective the share, above 0 and below 1
 * @param within how soon after its append a record has to be committed
 * @param window the time for which the error budget is
 */
public record Slo(
        String name,
        String owner,
        Optional<String> service,
        Optional<String> group,
        Optional<String> cluster,
        List<NamePattern> topics,
        BigDecimal objective,
        Duration within,
        Duration window,
        Position at) {

    /**
     * How many times faster than allowed the budget must be used before the first alert (Google's SRE Workbook,
     * chapter 5: multiwindow, multi-burn-rate alerts).
     */
    public static final BigDecimal FACTOR_MAX = new BigDecimal("14.4");

    /** The longest time that an alert looks back: 1 times over 3 days. */
    public static final Duration ALERT_WINDOW_MAX = Duration.ofDays(3);

    public Slo {
        topics = List.copyOf(topics);
    }

    /**
     * Whether the fastest alert can fire: if even nothing but late records burns no more than {@link #FACTOR_MAX} times
     * the budget, it never will. Without any budget there is no rate at all.
     */
    public static boolean canFire(BigDecimal objective) {
        BigDecimal budget = BigDecimal.ONE.subtract(objective);
        return budget.signum() > 0 && FACTOR_MAX.multiply(budget).compareTo(BigDecimal.ONE) < 0;
    }
}
