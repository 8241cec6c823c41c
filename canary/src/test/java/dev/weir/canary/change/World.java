package dev.weir.canary.change;

import dev.weir.canary.Clients;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Of so many schedules one shares whole partitions, the others keys. */
    private static final int WHOLE_PARTITIONS_EVERY = 4;

    private static final long CHAOS_NANOS = millis(2_000);
    /** For how long a broker may not know of a new partition: less than a lease. */
    private static final long STALE_NANOS = millis(250);

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
        EARLY_HANDOVER,
        /** The canary's group begins where its topic ended after its first weight had begun to hold. */
        LATE_SEEDS,
        /** Proxies say goodbye while they still serve. */
        EARLY_GOODBYE,
        /** Proxies do not tell which partitions they have served. */
        UNTOLD_PARTITIONS
    }

    final Random random;
    final Set<Sabotage> sabotage;
    final DataLog data;
    final Scope scope;
    final List<ChangeEvent> log = new ArrayList<>();
    private final ChangeLog state = new ChangeLog();
    final List<SimulatedConsumer> consumers = new ArrayList<>();
    final List<SimulatedProxy> proxies = new ArrayList<>();
    private final boolean ordered;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private @Nullable SimulatedController controller;
    private long now;
    private long order;
    private long term;
    private int proxiesMade;
    private long partitionAddedAt;
    private ChangeEvent.@Nullable Seeded heldSeeds;

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
        data = new DataLog(seed % WHOLE_PARTITIONS_EVERY == 0, ordered);
        scope = new Scope(
                "payments",
                "payments~canary",
                List.of(DataLog.TOPIC),
                data.buckets(),
                new Clients("payments", "v1*", List.of()),
                new Clients("payments", "v2*", List.of()));
        int proxyCount = 1 + random.nextInt(4);
        for (int i = 0; i < proxyCount; i++) {
            proxies.add(new SimulatedProxy(this));
        }
        for (int partition = 0; partition < data.partitions(); partition++) {
            consume(partition);
        }
    }

    private void consume(int partition) {
        for (Side side : Side.values()) {
            consumers.add(new SimulatedConsumer(this, side, partition));
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
        if (random.nextBoolean()) {
            after(millis(random.nextInt(1_500)), this::addPartition);
        }
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

    private void addPartition() {
        data.addPartition();
        partitionAddedAt = now;
        consume(data.partitions() - 1);
        consumers
                .subList(consumers.size() - Side.values().length, consumers.size())
                .forEach(SimulatedConsumer::fetch);
    }

    /** Where partitions end, as far as the broker knows of them that is asked. */
    Map<PartitionRef, Long> ends() {
        boolean stale = partitionAddedAt > 0 && now - partitionAddedAt < STALE_NANOS && random.nextBoolean();
        return data.ends(data.partitions() - (stale ? 1 : 0));
    }

    /** To the log of changes. */
    void append(List<ChangeEvent> events) {
        for (ChangeEvent event : events) {
            if (event instanceof ChangeEvent.Seeded seeded && sabotage.contains(Sabotage.LATE_SEEDS)) {
                heldSeeds = seeded;
                continue;
            }
            add(event);
            ChangeEvent.Seeded held = heldSeeds;
            if (event instanceof ChangeEvent.Committed && held != null) {
                heldSeeds = null;
                add(new ChangeEvent.Seeded(held.canary(), held.scope(), ends()));
            }
        }
    }

    private void add(ChangeEvent event) {
        log.add(event);
        state.apply(event);
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
        switch (random.nextInt(8)) {
            case 0 -> takeOver();
            case 1 -> proxies.get(random.nextInt(proxies.size())).crash();
            case 2, 3 -> proxies.get(random.nextInt(proxies.size())).stall(millis(random.nextInt(800)));
            case 4 -> forgetCanary();
            case 5 -> proxies.get(random.nextInt(proxies.size())).leave();
            default -> consumers.get(random.nextInt(consumers.size())).crash();
        }
        after(millis(30 + random.nextInt(400)), this::disturb);
    }

    /** Somebody deletes the canary's group, once it has nothing left to do. */
    private void forgetCanary() {
        if (!state.of(CANARY).isSeeded()) {
            consumers.stream()
                    .filter(consumer -> consumer.side() == Side.CANARY)
                    .forEach(SimulatedConsumer::forget);
        }
    }
}
