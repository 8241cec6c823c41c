package dev.weir.canary.change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The proxies as a controller knows them: who was heard when, and until when each may serve. For one thread. */
final class Membership {
    /** Before anything changes for the first time: twice as many seconds as a proxy takes to notice that there is a log. */
    private static final long BEATS_FIRST = 10;

    private final ChangeTimes times;
    private final ChangeLog log;
    private final long beganNanos;

    private final Map<String, Heard> heard = new TreeMap<>();
    /** When a proxy's last lease may have begun, as seen from here. */
    private final Map<String, Long> grantedNanos = new HashMap<>();
    /** Beats of proxies that were counted out may still be on their way. */
    private final Set<String> gone = new HashSet<>();
    /** How many partitions of a topic somebody has served. */
    private final Map<String, Integer> partitions = new HashMap<>();

    /** When a proxy had last left, as {@link ChangeLog#grantsAtLeaving} says, that told another controller what it had served. */
    private final long leftBefore;

    private long answeredNanos;

    private record Heard(Beat beat, long atNanos, boolean answered) {}

    Membership(ChangeTimes times, ChangeLog log, long nowNanos) {
        this.times = times;
        this.log = log;
        beganNanos = nowNanos;
        leftBefore = log.grantsAtLeaving();
        answeredNanos = nowNanos - times.beatNanos();
    }

    void hear(Beat beat, long nowNanos) {
        beat.partitions().forEach((topic, count) -> partitions.merge(topic, count, Math::max));
        if (gone.contains(beat.proxy())) {
            return;
        }
        Heard before = heard.get(beat.proxy());
        if (before == null || before.beat().sequence() < beat.sequence()) {
            heard.put(beat.proxy(), new Heard(beat, nowNanos, false));
        }
    }

    /** Who is to be counted out, admitted and answered now. */
    List<ChangeEvent> events(long nowNanos) {
        List<ChangeEvent> events = new ArrayList<>();
        for (String proxy : log.proxies()) {
            Heard last = heard.get(proxy);
            boolean silent = last == null || nowNanos - last.atNanos() > times.leaseNanos();
            if (last != null && last.beat().leaving()) {
                events.add(new ChangeEvent.Left(proxy));
                continue;
            }
            long mayServeFrom = grantedNanos.getOrDefault(proxy, beganNanos);
            if (silent && nowNanos - mayServeFrom > times.leaseNanos() + times.marginNanos()) {
                events.add(new ChangeEvent.Evicted(proxy));
            }
        }
        Map<String, Long> answers = new HashMap<>();
        boolean due = nowNanos - answeredNanos >= times.beatNanos();
        heard.replaceAll((proxy, last) -> {
            boolean admitted = log.proxies().contains(proxy);
            if (last.beat().leaving()) {
                return last; // it wants nothing any more
            }
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

    /** Nobody has to wait for it any more. */
    void gone(String proxy) {
        gone.add(proxy);
        heard.remove(proxy);
        grantedNanos.remove(proxy);
    }

    /** Admitted proxies that have not been heard for two beats. */
    List<String> silent(long nowNanos) {
        List<String> silent = new ArrayList<>();
        for (String proxy : log.proxies()) {
            Heard last = heard.get(proxy);
            if (last == null || nowNanos - last.atNanos() > 2 * times.beatNanos() + times.beatNanos() / 2) {
                silent.add(proxy);
            }
        }
        return silent;
    }

    /**
     * Whether it is as good as sure that nobody serves who is not known. When the log is new there are proxies that have not noticed it yet, and serve
     * what they should not. One that was counted out may have served a partition that nobody else has told of, and that a broker does not
     * know of yet either; so may one that left, and told only a controller that is no more.
     */
    boolean isSettled() {
        long lease = times.leaseNanos() / times.beatNanos() + 2;
        return log.isSettled(BEATS_FIRST, lease) && (leftBefore < 0 || log.grants() - leftBefore >= lease);
    }

    /** For people: why nothing changes yet though nobody is missing; empty where {@link #isSettled}. */
    String unsettled() {
        if (isSettled()) {
            return "";
        }
        return log.grants() < BEATS_FIRST
                ? "all proxies have to notice first that there are canaries, which takes about "
                        + seconds(BEATS_FIRST * times.beatNanos())
                : "a proxy is gone, and a change waits for a lease after that, about " + seconds(times.leaseNanos());
    }

    private static String seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
    }

    /** Admitted proxies that have not said that they hold for a change. */
    List<String> missing(ChangeEvent.Prepared pending) {
        List<String> missing = new ArrayList<>();
        for (String proxy : log.proxies()) {
            Heard last = heard.get(proxy);
            Long holds = last == null ? null : last.beat().holding().get(pending.canary());
            if (holds == null || holds != pending.epoch()) {
                missing.add(proxy);
            }
        }
        return missing;
    }

    /** How many partitions of a topic there must be, since somebody has served them. */
    int partitions(String topic) {
        return partitions.getOrDefault(topic, 0);
    }
}
