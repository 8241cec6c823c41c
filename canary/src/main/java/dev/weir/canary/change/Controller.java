package dev.weir.canary.change;

import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
    private final Membership membership;

    private final Map<String, Wish> wishes = new TreeMap<>();
    /** When the change that is under way was first seen here. */
    private final Map<String, Long> pendingSince = new HashMap<>();

    private final Map<String, ChangeEvent.Seeded> seeds = new HashMap<>();
    private final Map<String, Map<PartitionRef, Long>> ends = new HashMap<>();
    private final Map<String, String> givenUp = new HashMap<>();
    private final Map<String, Handovers> handovers = new HashMap<>();
    private String lastLooked = "";

    private record Wish(Scope scope, Weight weight, Handover handover) {}

    /**
     * @param log everything that is in the log; it is this controller's from now on
     * @param nowNanos a monotonic clock, read after earlier controllers were fenced
     */
    public Controller(ChangeTimes times, ChangeLog log, long nowNanos) {
        this.times = times;
        this.log = log;
        this.membership = new Membership(times, log, nowNanos);
    }

    /**
     * Asks for a weight. A wish that is not begun yet is replaced; it is over when it is begun, or when a change that was under way ends.
     *
     * @param scope what the canary shares; a canary that has not drained goes on with what it shared before
     * @param weight 0 of a shadow, which gets its beginning all the same
     */
    public void wish(String canary, Scope scope, Weight weight, Handover handover) {
        wishes.put(canary, new Wish(scope, weight, handover));
    }

    /** Takes a proxy's beat. */
    public void hear(Beat beat, long nowNanos) {
        membership.hear(beat, nowNanos);
    }

    /** What to do next. */
    public ControllerStep next(long nowNanos) {
        List<ChangeEvent> writes = membership.events(nowNanos);
        for (String canary : canaries()) {
            ChangeEvent change = change(canary, nowNanos);
            if (change != null) {
                writes.add(change);
            }
        }
        if (!writes.isEmpty()) {
            return new ControllerStep.Write(writes);
        }
        boolean holding = false;
        for (String canary : canaries()) {
            CanaryState state = log.of(canary);
            ChangeEvent.Prepared pending = state.pending();
            if (pending != null && state.scope() != null) {
                holding = true;
                if (!ends.containsKey(canary)
                        && membership.isSettled()
                        && membership.missing(pending).isEmpty()) {
                    return new ControllerStep.ReadEnds(canary, state.scope());
                }
            }
        }
        ControllerStep look = holding ? null : look(nowNanos); // nothing else takes time while fetches are held back
        return look == null ? new ControllerStep.Rest(holding) : look;
    }

    private @Nullable ControllerStep look(long nowNanos) {
        for (String canary : canaries()) {
            Wish wish = wishes.get(canary);
            if (wish != null && needsSeeds(log.of(canary), wish)) {
                return new ControllerStep.ReadSeeds(canary, wish.scope());
            }
        }
        for (String canary : inTurn()) {
            ControllerStep look = handovers(canary).look(canary, log.of(canary), nowNanos);
            if (look != null) {
                lastLooked = canary;
                return look;
            }
        }
        return null;
    }

    /** All, beginning behind the one that was looked at last: a broker that hangs makes a look at one of its groups last, and it is due again at once. */
    private List<String> inTurn() {
        NavigableSet<String> all = canaries();
        List<String> turned = new ArrayList<>(all.tailSet(lastLooked, false));
        turned.addAll(all.headSet(lastLooked, true));
        return turned;
    }

    /** The events are in the log. */
    public void written(ControllerStep.Write step, long nowNanos) {
        for (ChangeEvent event : step.events()) {
            log.apply(event);
            if (event instanceof ChangeEvent.Prepared prepared) {
                pendingSince.put(prepared.canary(), nowNanos);
                wishes.remove(prepared.canary());
                handovers(prepared.canary()).begin();
            } else if (event instanceof ChangeEvent.Committed || event instanceof ChangeEvent.Aborted) {
                ended(((ChangeEvent.OfCanary) event).canary());
            } else if (event instanceof ChangeEvent.Seeded seeded) {
                seeds.remove(seeded.canary());
            } else if (event instanceof ChangeEvent.Evicted evicted) {
                membership.gone(evicted.proxy());
            } else if (event instanceof ChangeEvent.Left left) {
                membership.gone(left.proxy());
            }
        }
    }

    /** What was wished for meanwhile is forgotten: who wishes does so again and again, and decides when a change that was given up is tried again. */
    private void ended(String canary) {
        wishes.remove(canary);
        ends.remove(canary);
        givenUp.remove(canary);
        pendingSince.remove(canary);
    }

    /** The high watermarks, read after the step was given out. */
    public void readSeeds(ControllerStep.ReadSeeds step, Map<PartitionRef, Long> highWatermarks) {
        seeds.put(step.canary(), new ChangeEvent.Seeded(step.canary(), step.scope(), highWatermarks));
    }

    /** The high watermarks, read after the step was given out. It is given out again if partitions are missing that there must be. */
    public void readEnds(ControllerStep.ReadEnds step, Map<PartitionRef, Long> highWatermarks) {
        if (isComplete(log.of(step.canary()), step.scope().topics(), highWatermarks.keySet())) {
            ends.put(step.canary(), Map.copyOf(highWatermarks));
        }
    }

    /** The change that is wished for, or under way, cannot be done. */
    public void giveUp(String canary, String reason) {
        wishes.remove(canary);
        if (log.of(canary).pending() != null) {
            givenUp.put(canary, reason);
        }
    }

    /**
     * What of a step was found to be passed.
     *
     * @param gates of {@link ControllerStep.ReadCommitted#gates}
     * @param drains of {@link ControllerStep.ReadCommitted#drains}
     */
    public void readCommitted(ControllerStep.ReadCommitted step, Collection<Gate> gates, Collection<Gate> drains) {
        handovers(step.canary()).passed(step, Set.copyOf(gates));
        handovers(step.canary()).drained(step, Set.copyOf(drains));
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
            return membership.missing(pending);
        }
        return wishes.containsKey(canary) ? membership.silent(nowNanos) : List.of();
    }

    /** For people: why a change that is wished for does not begin, though no proxy is waited for; empty where there is nothing of that kind. */
    public String unsettled(String canary) {
        return wishes.containsKey(canary) && log.of(canary).pending() == null ? membership.unsettled() : "";
    }

    private NavigableSet<String> canaries() {
        NavigableSet<String> canaries = new TreeSet<>(log.canaries().keySet());
        canaries.addAll(wishes.keySet());
        return canaries;
    }

    private Handovers handovers(String canary) {
        return handovers.computeIfAbsent(canary, name -> new Handovers(times));
    }

    private @Nullable ChangeEvent change(String canary, long nowNanos) {
        CanaryState state = log.of(canary);
        ChangeEvent.Prepared pending = state.pending();
        if (pending == null) {
            ChangeEvent begin = begin(canary, state, nowNanos);
            return begin == null ? handovers(canary).event(canary, state) : begin;
        }
        Map<PartitionRef, Long> fences = ends.get(canary);
        if (fences != null) {
            return new ChangeEvent.Committed(
                    canary, new Epoch(pending.epoch(), pending.weight(), pending.handover(), fences));
        }
        String reason = givenUp.get(canary);
        if (reason != null) {
            return new ChangeEvent.Aborted(canary, pending.epoch(), reason);
        }
        long since = pendingSince.computeIfAbsent(canary, found -> nowNanos);
        if (nowNanos - since > times.changeNanos()) {
            List<String> missing = membership.missing(pending);
            return new ChangeEvent.Aborted(
                    canary,
                    pending.epoch(),
                    missing.isEmpty()
                            ? "brokers did not tell in time where all partitions end that are served"
                            : "these proxies did not answer in time: " + String.join(", ", missing));
        }
        return null;
    }

    private @Nullable ChangeEvent begin(String canary, CanaryState state, long nowNanos) {
        Wish wish = wishes.get(canary);
        if (wish == null) {
            return null;
        }
        if (needsSeeds(state, wish)) {
            ChangeEvent.Seeded read = seeds.remove(canary);
            return read != null && read.scope().equals(wish.scope()) ? read : null;
        }
        if (wish.weight().equals(state.table().weight())) {
            wishes.remove(canary);
            return null;
        }
        if (!membership.isSettled() || !membership.silent(nowNanos).isEmpty()) {
            return null; // nobody should have to hold for one that may be dead
        }
        return new ChangeEvent.Prepared(canary, state.lastEpoch() + 1, wish.weight(), wish.handover());
    }

    /** Whether there is nothing yet that a member of the canary's group could begin with, or it is about something else now. */
    private static boolean needsSeeds(CanaryState state, Wish wish) {
        return !state.raised()
                && (wish.scope().isShadow() || !wish.weight().equals(Weight.NONE))
                && !wish.scope().equals(state.scope());
    }

    /** Whether all partitions are there that somebody has served, or that have a fence already: without one now, all of them would have the new weight. */
    private boolean isComplete(CanaryState state, List<String> topics, Set<PartitionRef> read) {
        Set<PartitionRef> needed = new HashSet<>(state.table().partitions());
        needed.addAll(state.seeds().keySet());
        for (String topic : topics) {
            for (int i = 0; i < membership.partitions(topic); i++) {
                needed.add(new PartitionRef(topic, i));
            }
        }
        return read.containsAll(needed);
    }
}
