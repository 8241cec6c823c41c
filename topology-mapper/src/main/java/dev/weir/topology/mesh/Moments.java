package dev.weir.topology.mesh;

import dev.weir.topology.view.Moment;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The moments that were asked about, until something changes: API, metrics and command line share what was made of one.
 * What it keeps is bounded by number and age. Any thread.
 */
final class Moments {
    /** Lag grows without any report; this is how much of it an answer may miss. */
    static final long LIVE_MILLIS_MAX = 500;
    /** The past changes only by what comes late. */
    static final long REPLAY_MILLIS_MAX = 10_000;

    static final int KEPT_MAX = 16;

    private final Mesh.Sources sources;
    private final Mesh.Reading reading;
    private final LongSupplier generation;
    private final Clock clock;
    private final Map<Moment, Kept> kept = new HashMap<>();

    private record Kept(MeshMoment moment, long generation) {}

    /** @param generation another number whenever those who listen were told of a change */
    Moments(Mesh.Sources sources, Mesh.Reading reading, LongSupplier generation, Clock clock) {
        this.sources = sources;
        this.reading = reading;
        this.generation = generation;
        this.clock = clock;
    }

    synchronized MeshMoment at(Moment moment) {
        Moment ofGroups = new Moment(moment.at(), Moment.WINDOW_MILLIS_DEFAULT);
        long now = clock.millis();
        long current = generation.getAsLong();
        return at(moment, now, current, moment.equals(ofGroups) ? null : at(ofGroups, now, current, null));
    }

    private MeshMoment at(Moment moment, long now, long current, @Nullable MeshMoment ofGroups) {
        Kept known = kept.get(moment);
        if (known != null && holds(moment, known, now, current)) {
            return known.moment;
        }
        kept.entrySet().removeIf(each -> !holds(each.getKey(), each.getValue(), now, current));
        if (kept.size() >= KEPT_MAX) {
            kept.clear();
        }
        MeshMoment made = new MeshMoment(sources, reading, moment, now, ofGroups);
        kept.put(moment, new Kept(made, current));
        return made;
    }

    synchronized int size() {
        return kept.size();
    }

    private static boolean holds(Moment moment, Kept known, long now, long current) {
        long ageMillis = now - known.moment.nowMillis();
        return moment.at().isPresent()
                ? ageMillis >= 0 && ageMillis < REPLAY_MILLIS_MAX
                : ageMillis >= 0 && ageMillis < LIVE_MILLIS_MAX && known.generation == current;
    }
}
