package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.await.Patience;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loads of all kinds at once for half a minute, and what is shown of them meanwhile. A load is named by its topic, which
 * says what is remarkable about it. When it is over, nothing moves but what a test moves.
 */
final class Traffic implements AutoCloseable {
    static final List<String> TOPICS = List.of(
            "steady",
            "slotted",
            "bursty",
            "halted",
            "stopped",
            "idle",
            "committed",
            "aborted",
            "open",
            "unacked",
            "mixed");
    /** Whose groups have committed everything when the run is over. */
    static final List<String> CAUGHT_UP = List.of("steady", "slotted", "bursty", "halted", "idle", "unacked", "mixed");
    /** Whose groups find nothing to read as long as it lasts. */
    static final List<String> NOTHING_TO_READ = List.of("idle", "open", "committed", "aborted");

    static final long SLOT_MILLIS = 10_000;
    /** Exporters ask every 30 seconds unless told; this is kinder. */
    static final long POLL_MILLIS = 5_000;

    private static final long RUN_MILLIS = 28_000;
    private static final Duration RUN_MAX = Patience.SETTLED.multipliedBy(5);
    private static final long SAMPLE_MILLIS = 200;
    private static final int SAMPLES_MIN = 80;
    /** The first seconds are for what was there before. */
    private static final long UNMEASURED_MILLIS = 5_000;
    /** The slotted load is silent that long before and after the border of two slots: no record is in doubt. */
    private static final long SLOT_MARGIN_MILLIS = 3_000;

    private final LedgerMesh mesh;
    private final Map<String, Load> loads = new LinkedHashMap<>();
    private final List<LagErrors> errors = new ArrayList<>();
    private final Bypass bypass;
    private final Map<String, List<Long>> shownOfNothing = new HashMap<>();
    private final List<Double> rateErrors = new ArrayList<>();
    private final Pace pace = new Pace();
    private final AtomicInteger samples = new AtomicInteger();
    private long beganMillis;
    private volatile long keptSinceMillis;
    private long slotsBeginMillis;
    private long slotsEndMillis;

    Traffic(LedgerMesh mesh) {
        this.mesh = mesh;
        this.bypass = new Bypass(mesh);
        for (String topic : TOPICS) {
            mesh.kafka().createTopic(topic, 1);
            loads.put(topic, new Load(mesh, topic, producing(topic), consuming(topic)));
        }
        for (String topic : List.of("steady", "bursty", "halted", "stopped")) {
            errors.add(new LagErrors(loads.get(topic), mesh.kafka().admin()));
        }
    }

    /** Runs all of it, to the end: until enough was seen at times when this machine kept up. */
    void run() throws Exception {
        prepare();
        try (Schedule schedule = new Schedule(16, pace)) {
            begin(schedule);
            schedule.every(SAMPLE_MILLIS, this::sample);
            awaitSettled().atMost(RUN_MAX).until(() -> {
                schedule.check();
                return isEnough();
            });
            schedule.stop();
        }
        for (String topic : CAUGHT_UP) {
            loads.get(topic).catchUp(mesh.kafka().admin());
        }
    }

    private boolean isEnough() {
        long now = System.currentTimeMillis();
        long since = keptSinceMillis;
        slotsBeginMillis = (since + SLOT_MILLIS - 1) / SLOT_MILLIS * SLOT_MILLIS;
        slotsEndMillis = now / SLOT_MILLIS * SLOT_MILLIS;
        return samples.get() >= SAMPLES_MIN
                && now > beganMillis + RUN_MILLIS
                && since > 0
                && slotsBeginMillis < slotsEndMillis;
    }

    private Map<String, Object> producing(String topic) {
        return switch (topic) {
            case "committed", "aborted" -> Map.of("transactional.id", topic);
            // as long as brokers let one be open: a run may be long
            case "open" -> Map.of("transactional.id", topic, "transaction.timeout.ms", 900_000);
            case "unacked" -> Map.of("acks", "0", "enable.idempotence", false);
            default -> Map.of();
        };
    }

    private Map<String, Object> consuming(String topic) {
        return topic.equals("bursty") ? Map.of("group.protocol", "consumer") : Map.of();
    }

    /** Brings everybody to where they are when the run begins. */
    private void prepare() throws Exception {
        for (Load load : loads.values()) {
            awaitSettled().until(load::assigned);
        }
        bypass.prepare();
        for (String topic : List.of("committed", "aborted", "open")) {
            loads.get(topic).producer().initTransactions();
            transaction(topic, 50, true);
        }
        transaction("aborted", 30, false);
        loads.get("idle").send(300);
        loads.get("stopped").send(300);
        loads.get("stopped").commit(0);
        for (String topic : List.of("idle", "open")) {
            loads.get(topic).commit(System.currentTimeMillis());
        }
        for (String topic : List.of("committed", "aborted")) {
            Load load = loads.get(topic);
            awaitSettled().until(() -> {
                load.poll();
                return load.received() == 50;
            });
            load.commitReceived();
        }
        for (String topic : NOTHING_TO_READ) {
            awaitSettled()
                    .untilAsserted(
                            () -> assertThat(mesh.group(topic).lagMillis()).isZero());
        }
        bypass.awaitTrust();
        // one transaction is open as long as the run lasts
        loads.get("open").producer().beginTransaction();
        loads.get("open").send(20);
    }

    private void transaction(String topic, int records, boolean committed) {
        Load load = loads.get(topic);
        load.producer().beginTransaction();
        load.send(records);
        if (committed) {
            load.producer().commitTransaction();
        } else {
            load.producer().abortTransaction();
        }
    }

    private void begin(Schedule schedule) {
        beganMillis = System.currentTimeMillis();
        Load steady = loads.get("steady");
        schedule.every(50, () -> steady.send(5));
        schedule.every(100, steady::poll);
        schedule.every(500, () -> steady.commit(System.currentTimeMillis() - 3_000));
        Load slotted = loads.get("slotted");
        schedule.every(100, () -> amidSlot(slotted, 20));
        schedule.every(100, slotted::poll);
        Load bursty = loads.get("bursty");
        schedule.every(4_000, () -> bursty.send(500));
        schedule.every(3_000, () -> bursty.commit(System.currentTimeMillis()));
        Load halted = loads.get("halted");
        schedule.every(200, () -> untilHalted(halted, 10));
        schedule.every(500, () -> halted.commit(System.currentTimeMillis() - 4_000));
        Load stopped = loads.get("stopped");
        schedule.every(200, () -> untilHalted(stopped, 10));
        schedule.after(2_000, stopped::leave);
        schedule.every(200, () -> loads.get("unacked").send(10));
        schedule.every(200, () -> loads.get("mixed").send(10));
        schedule.every(1_500, bypass::send);
        for (String topic : List.of("idle", "committed", "aborted", "open", "unacked", "mixed")) {
            schedule.every(500, loads.get(topic)::poll);
        }
        errors.forEach(each -> schedule.every(POLL_MILLIS, each::pollExporter));
    }

    private static void amidSlot(Load load, int records) {
        long inSlotMillis = System.currentTimeMillis() % SLOT_MILLIS;
        if (inSlotMillis > SLOT_MARGIN_MILLIS && inSlotMillis < SLOT_MILLIS - SLOT_MARGIN_MILLIS) {
            load.send(records);
        }
    }

    private void untilHalted(Load load, int records) {
        if (System.currentTimeMillis() < beganMillis + 8_000) {
            load.send(records);
        }
    }

    private void sample() {
        pace.beat();
        long from = System.currentTimeMillis();
        pace.newestReport(from - mesh.view().freshness().reportsMillis());
        List<GroupLag> groups = mesh.view().groups(Moment.NOW);
        long to = System.currentTimeMillis();
        pace.took(to - from);
        if (from < beganMillis + UNMEASURED_MILLIS || !pace.isKept()) {
            keptSinceMillis = 0;
            return;
        }
        if (keptSinceMillis == 0) {
            keptSinceMillis = from;
        }
        samples.incrementAndGet();
        errors.forEach(each -> each.sample(groups, from, to));
        groups.stream()
                .filter(group -> NOTHING_TO_READ.contains(group.group()))
                .forEach(group -> shownOfNothing
                        .computeIfAbsent(group.group(), absent -> new ArrayList<>())
                        .add(group.lagMillis()));
        if (to > beganMillis + 2 * SLOT_MILLIS + 2_000) {
            Moment lately = new Moment(OptionalLong.empty(), SLOT_MILLIS);
            double rate = mesh.edges(lately, "steady-writer", "steady").stream()
                    .mapToDouble(Edge::recordsPerSecond)
                    .sum();
            long truth = loads.get("steady").truth().appendedBetween(to - SLOT_MILLIS, to);
            rateErrors.add(rate / (truth * 1_000.0 / SLOT_MILLIS) - 1);
        }
    }

    Load load(String topic) {
        return loads.get(topic);
    }

    Collection<Load> loads() {
        return loads.values();
    }

    Bypass bypass() {
        return bypass;
    }

    List<LagErrors> lagErrors() {
        return errors;
    }

    /** Time lags that were shown of groups that had nothing to read. */
    Map<String, List<Long>> shownOfNothing() {
        return shownOfNothing;
    }

    /** By which share the rate of the steady load, as it was shown while it ran, was off. */
    double[] rateErrors() {
        return rateErrors.stream().mapToDouble(Math::abs).toArray();
    }

    /** From the first whole slot since when the machine kept up. */
    long slotsBeginMillis() {
        return slotsBeginMillis;
    }

    /** To the end of the last that was over when the run was. */
    long slotsEndMillis() {
        return slotsEndMillis;
    }

    @Override
    public void close() {
        loads.values().forEach(Load::close);
        bypass.close();
    }
}
