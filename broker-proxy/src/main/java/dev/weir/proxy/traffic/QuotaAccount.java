package dev.weir.proxy.traffic;

import dev.weir.policy.decide.QuotaPolicy;
import java.util.concurrent.atomic.LongAdder;

/** What was used of one quota through this proxy, by all connections together. Any thread. */
final class QuotaAccount {
    /** However much is owed: a client that is not read for longer gives its requests up. */
    static final int THROTTLE_MILLIS_MAX = 60_000;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long OWED_NANOS_MAX = THROTTLE_MILLIS_MAX * NANOS_PER_MILLI;
    /** For requests, as Kafka bounds it: members of groups are thrown out when their heartbeats are late. */
    private static final long OWED_REQUESTS_NANOS_MAX = 1_000 * NANOS_PER_MILLI;

    private final TokenBucket produceBytes;
    private final TokenBucket fetchBytes;
    private final TokenBucket requests;
    private final LongAdder throttled = new LongAdder();
    private final LongAdder throttledMillis = new LongAdder();
    private final LongAdder dryRun = new LongAdder();

    QuotaAccount(QuotaPolicy policy, long nowNanos) {
        long burstNanos = policy.burstMillis() * NANOS_PER_MILLI;
        produceBytes = new TokenBucket(nowNanos, burstNanos);
        fetchBytes = new TokenBucket(nowNanos, burstNanos);
        requests = new TokenBucket(nowNanos, burstNanos);
    }

    /**
     * Takes what a request, or its answer, uses.
     *
     * @param requests 1, or 0 when it has been counted before
     * @return for how many milliseconds its client is to be quiet
     */
    int take(QuotaPolicy policy, int requests, long produced, long fetched, long nowNanos) {
        long owedNanos = take(this.requests, requests, policy.requests(), OWED_REQUESTS_NANOS_MAX, policy, nowNanos);
        owedNanos = Math.max(
                owedNanos, take(produceBytes, produced, policy.produceBytes(), OWED_NANOS_MAX, policy, nowNanos));
        owedNanos =
                Math.max(owedNanos, take(fetchBytes, fetched, policy.fetchBytes(), OWED_NANOS_MAX, policy, nowNanos));
        if (owedNanos == 0) {
            return 0;
        }
        if (policy.dryRun()) {
            dryRun.increment();
            return 0;
        }
        int millis = (int) Math.min((owedNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI, THROTTLE_MILLIS_MAX);
        throttled.increment();
        throttledMillis.add(millis);
        return millis;
    }

    private static long take(
            TokenBucket bucket, long amount, long perSecond, long owedMaxNanos, QuotaPolicy policy, long nowNanos) {
        return amount == 0 || perSecond == 0
                ? 0
                : bucket.take(
                        amount,
                        perSecond,
                        policy.burstMillis() * NANOS_PER_MILLI,
                        owedMaxNanos,
                        nowNanos,
                        policy.dryRun());
    }

    QuotaStatus status(QuotaPolicy policy) {
        return new QuotaStatus(
                policy,
                requests.used(),
                produceBytes.used(),
                fetchBytes.used(),
                throttled.sum(),
                throttledMillis.sum(),
                dryRun.sum());
    }
}
