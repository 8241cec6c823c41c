package dev.weir.canary.change;

import dev.weir.canary.EpochTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's part. One thread feeds it and sends its beats; event loops ask {@link #serving}.
 *
 * <p>Why it is safe: a response is asked about <em>after</em> it came from the broker. So all in it lay in the log before the question
 * was asked, and fences are read only when no proxy may say yes any more: when all have sent a beat that says they hold, or were
 * counted out after the end of their lease.
 */
public final class ProxyMember {
    private final String proxy;
    private final ChangeTimes times;
    private final ChangeLog log = new ChangeLog();
    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private long sequence;

    private volatile Map<String, CanaryState> canaries = Map.of();
    private volatile boolean admitted;
    private volatile boolean evicted;
    private volatile boolean left;
    /** When the lease ends; meaningful once one was granted. */
    private volatile long leaseEndNanos;

    private volatile boolean granted;

    private record Sent(long sequence, long atNanos) {}

    /**
     * @param proxy a name that no proxy had before
     */
    public ProxyMember(String proxy, ChangeTimes times) {
        this.proxy = proxy;
        this.times = times;
    }

    /**
     * Takes the next event of the log.
     *
     * @return whether a beat should be sent without waiting for its time, since a change waits for it
     */
    public boolean apply(ChangeEvent event) {
        log.apply(event);
        if (event instanceof ChangeEvent.OfCanary) {
            canaries = Map.copyOf(log.canaries());
        } else if (event instanceof ChangeEvent.Admitted told && told.proxy().equals(proxy)) {
            admitted = true;
        } else if (event instanceof ChangeEvent.Evicted told && told.proxy().equals(proxy)) {
            evicted = true;
        } else if (event instanceof ChangeEvent.Left told && told.proxy().equals(proxy)) {
            evicted = true;
        } else if (event instanceof ChangeEvent.Granted told) {
            Long beat = told.beats().get(proxy);
            if (beat != null) {
                extend(beat);
            }
        }
        return event instanceof ChangeEvent.Prepared;
    }

    private void extend(long answered) {
        Sent sent = unanswered.peek();
        while (sent != null && sent.sequence() <= answered) {
            unanswered.remove();
            if (sent.sequence() == answered) {
                leaseEndNanos = sent.atNanos() + times.leaseNanos();
                granted = true;
            }
            sent = unanswered.peek();
        }
    }

    /**
     * The next beat. It has to be sent after this returns, and says what holds now.
     *
     * @param nowNanos a monotonic clock
     * @param partitions what is known to be served, as in {@link Beat#partitions}; to be read after the last event was applied
     */
    public Beat beat(long nowNanos, Supplier<Map<String, Integer>> partitions) {
        unanswered.add(new Sent(++sequence, nowNanos));
        Map<String, Long> holding = new HashMap<>();
        canaries.forEach((canary, state) -> {
            ChangeEvent.Prepared pending = state.pending();
            if (pending != null) {
                holding.put(canary, pending.epoch());
            }
        });
        return new Beat(proxy, sequence, holding, partitions.get());
    }

    /**
     * Serves nothing any more, for good, and gives the last beat, which says so. It has to be sent after this returns.
     *
     * @param partitions as in {@link #beat}
     */
    public Beat leave(Supplier<Map<String, Integer>> partitions) {
        left = true;
        return new Beat(proxy, ++sequence, Map.of(), partitions.get(), true);
    }

    /**
     * By which table a response may go down that has come from the broker.
     *
     * @param nowNanos a monotonic clock, read after the response had come
     * @return {@code null} when nothing of the canary's topics may be served now
     */
    public @Nullable EpochTable serving(String canary, long nowNanos) {
        CanaryState state = state(canary, nowNanos);
        return state == null || state.pending() != null ? null : state.table();
    }

    /**
     * What is known of a canary.
     *
     * @return {@code null} when that may not be all that there is to know
     */
    public @Nullable CanaryState state(String canary, long nowNanos) {
        return mayServe(nowNanos) ? canaries.getOrDefault(canary, CanaryState.NEW) : null;
    }

    /**
     * All canaries that the log says anything of, by name.
     *
     * @return {@code null} when that may not be all that there is to know
     */
    public @Nullable Map<String, CanaryState> states(long nowNanos) {
        return mayServe(nowNanos) ? canaries : null;
    }

    /** The same, as far as the log was read, whether or not it may be served by. */
    public Map<String, CanaryState> logged() {
        return canaries;
    }

    private boolean mayServe(long nowNanos) {
        return admitted && !evicted && !left && granted && nowNanos - leaseEndNanos < 0;
    }

    /** Whether it was counted out, and has to be replaced by one with another name. */
    public boolean isEvicted() {
        return evicted;
    }

    /** Its name. */
    public String proxy() {
        return proxy;
    }
}
