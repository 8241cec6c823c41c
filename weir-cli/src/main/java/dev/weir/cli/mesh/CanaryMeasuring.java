package dev.weir.cli.mesh;

import dev.weir.canary.Side;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.rollout.Measures;
import dev.weir.canary.rollout.Measuring;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the versions of canaries by the topology of this process, on a thread of its own: what the controller asks for it gets from
 * memory. Without a topology, or with one that gets no reports, nothing is known.
 */
final class CanaryMeasuring implements Measuring, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryMeasuring.class);
    private static final long EVERY_MILLIS = 2_000;
    /** Windows of different lengths are answers of their own. */
    private static final long WINDOW_STEP_MILLIS = 10_000;

    private final Supplier<List<CanaryPolicy>> policies;
    private final Supplier<Map<String, CanaryState>> states;
    private final Clock clock;
    private final Map<String, Long> asked = new ConcurrentHashMap<>();
    private final Map<String, Measures> measured = new ConcurrentHashMap<>();
    /** What was ever read when a phase was first looked at here. */
    private final Map<String, Baseline> baselines = new ConcurrentHashMap<>();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "weir-canary-measures");
    private volatile @Nullable MeshView view;

    private record Baseline(long sinceMillis, long recordsTotal) {}

    /**
     * Makes one that does not run yet.
     *
     * @param policies the canaries of policy now
     * @param states what the log says of canaries, by name
     */
    CanaryMeasuring(Supplier<List<CanaryPolicy>> policies, Supplier<Map<String, CanaryState>> states, Clock clock) {
        this.policies = policies;
        this.states = states;
        this.clock = clock;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** By this topology from now on; {@code null} for none. */
    void by(@Nullable MeshView topology) {
        view = topology;
    }

    @Override
    public Measures of(String canary, long sinceMillis) {
        asked.put(canary, sinceMillis);
        Measures last = measured.getOrDefault(canary, Measures.NONE);
        return last.sinceMillis() == sinceMillis ? last : Measures.NONE;
    }

    /**
     * How many records a canary processed in a phase, also where no controller has asked for it.
     *
     * @param sinceMillis when the phase began
     */
    long records(CanaryPolicy policy, long sinceMillis) {
        Measures last = measured.getOrDefault(policy.name(), Measures.NONE);
        if (last.sinceMillis() == sinceMillis) {
            return last.canary().records();
        }
        MeshView seen = view;
        return seen == null ? 0 : since(seen, policy, clock.millis() - sinceMillis);
    }

    private void run() {
        try {
            while (!closing.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                measure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends
        }
    }

    /** Once, whatever was asked for. */
    void measure() {
        MeshView seen = view;
        if (seen == null) {
            return;
        }
        try {
            if (seen.freshness().state() == Freshness.State.LIVE) {
                for (CanaryPolicy policy : policies.get()) {
                    Long since = asked.get(policy.name());
                    if (since != null) {
                        measured.put(policy.name(), measure(seen, policy, since));
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("canaries cannot be measured; trying again");
        }
    }

    private Measures measure(MeshView seen, CanaryPolicy policy, long sinceMillis) {
        long now = clock.millis();
        CanaryFigures lastMinute = new CanaryFigures(seen.topology(Moment.NOW), seen.groups(Moment.NOW), states.get());
        long total = lastMinute.recordsTotal(policy, Side.CANARY);
        Baseline before = baselines.get(policy.name());
        Baseline baseline =
                before == null || before.sinceMillis() != sinceMillis ? new Baseline(sinceMillis, total) : before;
        baselines.put(policy.name(), baseline);
        long records = Math.max(total - baseline.recordsTotal(), since(seen, policy, now - sinceMillis));
        return new Measures(
                now,
                sinceMillis,
                new Measures.Version(
                        CanaryFigures.known(lastMinute.version(policy, Side.STABLE, sinceMillis)),
                        lastMinute.records(policy, Side.STABLE)),
                new Measures.Version(
                        CanaryFigures.known(lastMinute.version(policy, Side.CANARY, sinceMillis)), records));
    }

    /** Of the phase, up to an hour of it: so much is known also to a controller that has just begun. */
    private long since(MeshView seen, CanaryPolicy policy, long ageMillis) {
        long window = Math.min(Moment.WINDOW_MILLIS_MAX, ageMillis / WINDOW_STEP_MILLIS * WINDOW_STEP_MILLIS);
        if (window < Moment.WINDOW_MILLIS_MIN) {
            return 0;
        }
        Moment moment = new Moment(OptionalLong.empty(), window);
        return new CanaryFigures(seen.topology(moment), List.of(), Map.of()).records(policy, Side.CANARY);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
