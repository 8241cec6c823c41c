package dev.weir.proxy.audit;

import dev.weir.mesh.report.v1.Audit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What happened in about a second, each kind of thing once, with its number. However many clients try, and whatever names
 * they make up, it stays small: beyond a number of different ones, failed log-ins are told of together, and so are the
 * denials of one principal. One thread at a time.
 */
public final class AuditRound {
    private static final int EVENTS_MAX = 10_000;
    private static final int FAILED_LOG_INS_MAX = 100;
    private static final int DENIALS_MAX = 200;

    /** How often, and when. */
    public static final class Times {
        private long firstMillis = Long.MAX_VALUE;
        private long lastMillis;
        private long count;

        private void add(long first, long last, long times) {
            firstMillis = Math.min(firstMillis, first);
            lastMillis = Math.max(lastMillis, last);
            count += times;
        }

        public long firstMillis() {
            return firstMillis;
        }

        public long lastMillis() {
            return lastMillis;
        }

        public long count() {
            return count;
        }
    }

    /**
     * What shares a budget.
     *
     * @param of the principal; of failed log-ins the listener, so that a flood at one takes no room from others
     */
    private record Budget(Audit.Kind kind, String of) {}

    private final Map<AuditEvent, Times> events = new HashMap<>(0);
    private final Map<Budget, Integer> spent = new HashMap<>(0);
    private long overflow;

    public void add(AuditEvent event, long atMillis) {
        add(event, atMillis, atMillis, 1);
    }

    /** So often at once. */
    public void add(AuditEvent event, long atMillis, long times) {
        add(event, atMillis, atMillis, times);
    }

    /** Adds what another round holds. */
    public void add(AuditRound other) {
        other.events.forEach((event, times) -> add(event, times.firstMillis, times.lastMillis, times.count));
        overflow += other.overflow;
    }

    private void add(AuditEvent event, long firstMillis, long lastMillis, long count) {
        Times known = events.get(event);
        if (known == null) {
            AuditEvent kept = withinBudget(event) ? event : event.inGeneral();
            known = events.get(kept);
            if (known == null) {
                if (events.size() >= EVENTS_MAX) {
                    overflow += count;
                    return;
                }
                known = new Times();
                events.put(kept, known);
            }
        }
        known.add(firstMillis, lastMillis, count);
    }

    private boolean withinBudget(AuditEvent event) {
        return switch (event.what().getKind()) {
            case LOG_IN_FAILED ->
                spend(
                        new Budget(
                                Audit.Kind.LOG_IN_FAILED,
                                event.what().getClient().getListener()),
                        FAILED_LOG_INS_MAX);
            case DENIED, DRY_RUN_DENIED, SCHEMA_VIOLATION, READ_REFUSED ->
                spend(
                        new Budget(
                                event.what().getKind(), event.what().getClient().getPrincipal()),
                        DENIALS_MAX);
            default -> true;
        };
    }

    private boolean spend(Budget budget, int max) {
        return spent.merge(budget, 1, Integer::sum) <= max;
    }

    public void forEach(BiConsumer<AuditEvent, Times> each) {
        events.forEach(each);
    }

    public int size() {
        return events.size();
    }

    public boolean isEmpty() {
        return events.isEmpty() && overflow == 0;
    }

    /** How often something happened that is not told of at all. */
    public long overflow() {
        return overflow;
    }
}
