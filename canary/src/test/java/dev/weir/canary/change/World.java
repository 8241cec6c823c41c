package dev.weir.canary.change;

import dev.weir.canary.Handover;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A whole mesh in one thread and in a time of its own: producers, proxies, controllers that depose each other, consumers, and messages that
 * take as long as they like. Everything that happens follows from the seed.
 */
final class World {
    static final String CANARY = "payments";
    /** So short that a schedule of some seconds has many leases in it. */
    static final ChangeTimes TIMES = new ChangeTimes(millis(300), millis(60), millis(60), millis(900), millis(25));

    private static final long CHAOS_NANOS = millis(2_000);
    private static final long PATIENCE_NANOS = millis(30_000);

    /** What is done wrong on purpose, to see that the ledger notices. */
    enum Sabotage {
        /** Fences are where the log ended before proxies had agreed to hold. */
        EARLY_FENCES,
        /** Proxies ask whether they may serve before the broker has answered. */
        EARLY_QUESTION,
        /** A controller that was deposed can still write. */
        NO_FENCING,
        /** Proxies are counted out before their lease has ended. */
        EARLY_EVICTION,
        /** Keys are handed over without a look at what was committed. */
        EARLY_HANDOVER
    }

    final Random random;
    final Set<Sabotage> sabotage;
    final DataLog data;
    final List<ChangeEvent> log = new ArrayList<>();
    final List<SimulatedConsumer> consumers = new ArrayList<>();
    final List<SimulatedProxy> proxies = new ArrayList<>();
    private final boolean ordered;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private @Nullable SimulatedController controller;
    private long now;
    private long order;
    private long term;
    private int proxiesMade;

    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    World(long seed, Set<Sabotage> sabotage) {
        random = new Random(seed);
        this.sabotage = sabotage;
        ordered = sabotage.contains(Sabotage.EARLY_HANDOVER) || random.nextInt(4) > 0;
        data = new DataLog(ordered);
        int proxyCount = 1 + random.nextInt(4);
        for (int i = 0; i < proxyCount; i++) {
            proxies.add(new SimulatedProxy(this));
        }
        for (Side side : Side.values()) {
            for (int partition = 0; partition < DataLog.PARTITIONS; partition++) {
                consumers.add(new SimulatedConsumer(this, side, partition));
            }
        }
    }

    static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Runs it to its end. */
    void run() {
        takeOver();
        proxies.forEach(SimulatedProxy::start);
        consumers.forEach(SimulatedConsumer::fetch);
        produce();
        wish();
        disturb();
        while (now < CHAOS_NANOS + PATIENCE_NANOS) {
            Event next = queue.remove();
            now = next.at();
            next.what().run();
            if (!chaos() && order % 64 == 0 && data.lost() == null) {
                return;
            }
        }
        throw new DataLog.Violation("nobody gets " + data.lost());
    }

    long now() {
        return now;
    }

    /** Whether things still go wrong; later all heals, and every record has to find its owner. */
    boolean chaos() {
        return now < CHAOS_NANOS;
    }

    void after(long nanos, Runnable what) {
        queue.add(new Event(now + nanos, order++, what));
    }

    /** How long a message takes: mostly short, sometimes longer than a lease. */
    long delay() {
        if (chaos() && random.nextInt(60) == 0) {
            return millis(random.nextInt(700));
        }
        return 200_000 + random.nextInt(8_000_000);
    }

    boolean chance(int oneIn) {
        return chaos() && random.nextInt(oneIn) == 0;
    }

    String newProxyName() {
        return "proxy-" + ++proxiesMade;
    }

    /** Beats go to a topic that each controller reads. */
    void send(Beat beat) {
        after(delay(), () -> {
            if (controller != null) {
                controller.hear(beat);
            }
        });
    }

    boolean mayWrite(long writerTerm) {
        return writerTerm == term || sabotage.contains(Sabotage.NO_FENCING);
    }

    /** Kafka makes another controller the active one: it fences the one before, then reads the log. */
    final void takeOver() {
        term++;
        SimulatedController next = new SimulatedController(this, term);
        after(delay(), next::begin);
        controller = next;
    }

    boolean isActive(SimulatedController asked) {
        return asked == controller;
    }

    private void produce() {
        data.append(random);
        if (chaos()) {
            after(500_000 + random.nextInt(14_000_000), this::produce);
        }
    }

    private void wish() {
        if (chaos() && controller != null) {
            int percent = random.nextInt(3) == 0 ? 0 : random.nextInt(101);
            controller.wish(new Weight(percent * 100), ordered ? Handover.ORDERED : Handover.UNORDERED);
            after(millis(20 + random.nextInt(500)), this::wish);
        }
    }

    private void disturb() {
        if (!chaos()) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> takeOver();
            case 1 -> proxies.get(random.nextInt(proxies.size())).crash();
            case 2, 3 -> proxies.get(random.nextInt(proxies.size())).stall(millis(random.nextInt(800)));
            default -> consumers.get(random.nextInt(consumers.size())).crash();
        }
        after(millis(30 + random.nextInt(400)), this::disturb);
    }
}
