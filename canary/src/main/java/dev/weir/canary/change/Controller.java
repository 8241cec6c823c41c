package dev.weir.canary.change;

import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Drives changes of weight. There is one that can write at any time: who begins has fenced the one before by Kafka's own means, and only then
 * read the log. For one thread.
 */
public final class Controller {
    private final ChangeTimes times;
    private final ChangeLog log;
    private final long beganNanos;

    private final Map<String, Heard> heard = new TreeMap<>();
    /** When a proxy's last lease may have begun, as seen from here. */
    private final Map<String, Long> grantedNanos = new HashMap<>();

    private final Map<String, Wish> wishes = new TreeMap<>();
    /** When the change that is under way was first seen here. */
    private final Map<String, Long> pendingSince = new HashMap<>();

    private final Map<String, Map<PartitionRef, Long>> ends = new HashMap<>();
    private final Map<String, String> givenUp = new HashMap<>();
    private final Map<String, Long> drainLooked = new HashMap<>();
    private final Map<String, TreeMap<Long, List<PartitionRef>>> handedOver = new HashMap<>();
    /** Beats of proxies that were counted out may still be on their way. */
    private final Set<String> gone = new HashSet<>();

    private long answeredNanos;

    private record Heard(Beat beat, long atNanos, boolean answered) {}

    private record Wish(Weight weight, Handover handover) {}

    /**
     * @param log everything that is in the log; it is this controller's from now on
     * @param nowNanos a monotonic clock, read after earlier controllers were fenced
     */
    public Controller(ChangeTimes times, ChangeLog log, long nowNanos) {
        this.times = times;
        this.log = log;
        beganNanos = nowNanos;
        answeredNanos = nowNanos - times.beatNanos();
    }

    /** Asks for a weight. A wish that is not begun yet is replaced. */
    public void wish(String canary, Weight weight, Handover handover) {
        wishes.put(canary, new Wish(weight, handover));
    }

    /** Takes a proxy's beat. */
    public void hear(Beat beat, long nowNanos) {
        if (gone.contains(beat.proxy())) {
            return;
        }
        Heard before = heard.get(beat.proxy());
        if (before == null || before.beat().sequence() < beat.sequence()) {
            heard.put(beat.proxy(), new Heard(beat, nowNanos, false));
        }
    }

    /** What to do next. */
    public ControllerStep next(long nowNanos) {
        List<ChangeEvent> writes = members(nowNanos);
        for (String canary : canaries()) {
            ChangeEvent change = change(canary, nowNanos);
            if (change != null) {
                writes.add(change);
            }
        }
        if (!writes.isEmpty()) {
            return new ControllerStep.Write(writes);
        }
        for (String canary : canaries()) {
            ChangeEvent.Prepared pending = log.of(canary).pending();
            if (pending != null
                    && !ends.containsKey(canary)
                    && missing(canary, pending).isEmpty()) {
                return new ControllerStep.ReadEnds(canary);
            }
        }
        for (String canary : canaries()) {
            List<Gate> gates = gates(canary);
            Long looked = drainLooked.get(canary);
            if (!gates.isEmpty() && (looked == null || nowNanos - looked >= times.drainPollNanos())) {
                drainLooked.put(canary, nowNanos);
                return new ControllerStep.ReadCommitted(canary, gates);
            }
        }
        return new ControllerStep.Rest();
    }

    /** The events are in the log. */
    public void written(ControllerStep.Write step, long nowNanos) {
        for (ChangeEvent event : step.events()) {
            log.apply(event);
            if (event instanceof ChangeEvent.Prepared prepared) {
                pendingSince.put(prepared.canary(), nowNanos);
                wishes.remove(prepared.canary());
            } else if (event instanceof ChangeEvent.Committed || event instanceof ChangeEvent.Aborted) {
                ends.remove(((ChangeEvent.OfCanary) event).canary());
                pendingSince.remove(((ChangeEvent.OfCanary) event).canary());
            } else if (event instanceof ChangeEvent.Evicted evicted) {
                gone.add(evicted.proxy());
                heard.remove(evicted.proxy());
                grantedNanos.remove(evicted.proxy());
            }
        }
    }

    /** The high watermarks, read after the step was given out. */
    public void readEnds(ControllerStep.ReadEnds step, Map<PartitionRef, Long> highWatermarks) {
        ends.put(step.canary(), Map.copyOf(highWatermarks));
    }

    /** The change that is under way cannot be done. */
    public void giveUp(String canary, String reason) {
        givenUp.put(canary, reason);
    }

    /** The gates whose fence has been committed. */
    public void readCommitted(ControllerStep.ReadCommitted step, List<Gate> reached) {
        for (Gate gate : reached) {
            handedOver
                    .computeIfAbsent(step.canary(), canary -> new TreeMap<>())
                    .computeIfAbsent(gate.epoch(), epoch -> new ArrayList<>())
                    .add(gate.partition());
        }
    }

    /** What is under way and done, as of the last write. */
    public ChangeLog log() {
        return log;
    }

    /**
     * The proxies that a change waits for: until they agree, or, before it has begun, until they are heard or counted out.
     */
    public List<String> waitingFor(String canary, long nowNanos) {
        ChangeEvent.Prepared pending = log.of(canary).pending();
        if (pending != null) {
            return missing(canary, pending);
        }
        return wishes.containsKey(canary) ? silent(nowNanos) : List.of();
    }

    private Set<String> canaries() {
        Set<String> canaries = new TreeSet<>(log.canaries().keySet());
        canaries.addAll(wishes.keySet());
        return canaries;
    }

    private List<ChangeEvent> members(long nowNanos) {
        List<ChangeEvent> events = new ArrayList<>();
        for (String proxy : log.proxies()) {
            Heard last = heard.get(proxy);
            boolean silent = last == null || nowNanos - last.atNanos() > times.leaseNanos();
            long mayServeFrom = grantedNanos.getOrDefault(proxy, beganNanos);
            if (silent && nowNanos - mayServeFrom > times.leaseNanos() + times.marginNanos()) {
                events.add(new ChangeEvent.Evicted(proxy));
            }
        }
        Map<String, Long> answers = new HashMap<>();
        boolean due = nowNanos - answeredNanos >= times.beatNanos();
        heard.replaceAll((proxy, last) -> {
            boolean admitted = log.proxies().contains(proxy);
            if (!admitted && !last.answered() && nowNanos - last.atNanos() <= times.leaseNanos()) {
                events.add(new ChangeEvent.Admitted(proxy));
            }
            if (admitted && due && !last.answered()) {
                answers.put(proxy, last.beat().sequence());
                grantedNanos.put(proxy, nowNanos);
                return new Heard(last.beat(), last.atNanos(), true);
            }
            return last;
        });
        if (!answers.isEmpty()) {
            answeredNanos = nowNanos;
            events.add(new ChangeEvent.Granted(answers));
        }
        return events;
    }

    /** Admitted proxies that have not been heard for two beats. */
    private List<String> silent(long nowNanos) {
        List<String> silent = new ArrayList<>();
        for (String proxy : log.proxies()) {
            Heard last = heard.get(proxy);
            if (last == null || nowNanos - last.atNanos() > 2 * times.beatNanos() + times.beatNanos() / 2) {
                silent.add(proxy);
            }
        }
        return silent;
    }

    private @Nullable ChangeEvent change(String canary, long nowNanos) {
        CanaryState state = log.of(canary);
        ChangeEvent.Prepared pending = state.pending();
        if (pending == null) {
            Wish wish = wishes.get(canary);
            if (wish != null && !wish.weight().equals(state.table().weight())) {
                if (!silent(nowNanos).isEmpty()) {
                    return handOver(canary); // nobody should have to hold for one that may be dead
                }
                return new ChangeEvent.Prepared(canary, state.lastEpoch() + 1, wish.weight(), wish.handover());
            }
            wishes.remove(canary);
            return handOver(canary);
        }
        Map<PartitionRef, Long> fences = ends.get(canary);
        if (fences != null) {
            return new ChangeEvent.Committed(
                    canary, new Epoch(pending.epoch(), pending.weight(), pending.handover(), fences));
        }
        String reason = givenUp.remove(canary);
        if (reason != null) {
            return new ChangeEvent.Aborted(canary, pending.epoch(), reason);
        }
        long since = pendingSince.computeIfAbsent(canary, found -> nowNanos);
        List<String> missing = missing(canary, pending);
        if (!missing.isEmpty() && nowNanos - since > times.changeNanos()) {
            return new ChangeEvent.Aborted(
                    canary, pending.epoch(), "these proxies did not answer in time: " + String.join(", ", missing));
        }
        return null;
    }

    private ChangeEvent.@Nullable HandedOver handOver(String canary) {
        TreeMap<Long, List<PartitionRef>> reached = handedOver.get(canary);
        if (reached == null || reached.isEmpty()) {
            return null;
        }
        Map.Entry<Long, List<PartitionRef>> first = reached.pollFirstEntry();
        return new ChangeEvent.HandedOver(canary, first.getKey(), first.getValue());
    }

    private List<String> missing(String canary, ChangeEvent.Prepared pending) {
        List<String> missing = new ArrayList<>();
        for (String proxy : log.proxies()) {
            Heard last = heard.get(proxy);
            Long holds = last == null ? null : last.beat().holding().get(canary);
            if (holds == null || holds != pending.epoch()) {
                missing.add(proxy);
            }
        }
        return missing;
    }

    private List<Gate> gates(String canary) {
        List<Gate> gates = new ArrayList<>();
        var table = log.of(canary).table();
        if (!table.epochs().isEmpty()) {
            for (PartitionRef partition : table.partitions()) {
                gates.addAll(table.of(partition).gates());
            }
        }
        return gates;
    }
}
