package dev.weir.proxy.telemetry;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs denials so that a client which tries again and again does not fill the log: the same denial at most once in ten
 * seconds, with the number of those that were left out. Any thread; holds a bounded number of denials, and forgets the
 * one that came up longest ago.
 */
public final class DenialLog implements Consumer<Denial> {
    private static final Logger LOG = LoggerFactory.getLogger(DenialLog.class);
    private static final long INTERVAL_NANOS = 10_000_000_000L;
    private static final int DENIALS_MAX = 2_000;

    private record Key(
            String listener, String principal, ResourceType resource, String name, Operation operation, String rule) {}

    private static final class Seen {
        private long loggedNanos;
        private long suppressed;
    }

    private final Map<Key, Seen> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
            return size() > DENIALS_MAX;
        }
    };

    @Override
    public void accept(Denial denial) {
        long suppressed = admit(denial, System.nanoTime());
        if (suppressed < 0) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("listener", denial.listener())
                .addKeyValue("principal", denial.principal())
                .addKeyValue("service", denial.service().orElse(""))
                .addKeyValue("clientId", denial.clientId())
                .addKeyValue("operation", denial.operation())
                .addKeyValue("resource", denial.resource())
                .addKeyValue("name", denial.name())
                .addKeyValue("rule", denial.decision().rule())
                .addKeyValue("revision", denial.decision().rule().revision())
                .addKeyValue("suppressed", suppressed)
                .log(denial.decision().dryRunDenied() ? "denied in dry-run, passes" : "denied");
    }

    /** How many like it were left out since the last line; -1 when this one is left out, too. */
    synchronized long admit(Denial denial, long nowNanos) {
        Key key = new Key(
                denial.listener(),
                denial.principal().name(),
                denial.resource(),
                denial.name(),
                denial.operation(),
                denial.decision().rule().id());
        Seen known = seen.get(key);
        if (known == null) {
            Seen first = new Seen();
            first.loggedNanos = nowNanos;
            seen.put(key, first);
            return 0;
        }
        if (nowNanos - known.loggedNanos < INTERVAL_NANOS) {
            known.suppressed++;
            return -1;
        }
        long suppressed = known.suppressed;
        known.loggedNanos = nowNanos;
        known.suppressed = 0;
        return suppressed;
    }
}
