package dev.weir.mesh.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Tells what is news from what was said a moment ago, for something that happens again and again. Any thread. */
public final class Repetition {
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int KIND_LENGTH_MAX = 400;
    private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

    private final int kindsMax;
    private final LongSupplier nanoTime;
    /** When each kind was said, that of longest ago first; guarded by this. */
    private final Map<String, Long> saidNanos = new LinkedHashMap<>();
    /** What was news last, as it was: most often it comes again, and fast. */
    private String last = "";

    private long lastNanos;

    /** Of what was said last. */
    public Repetition() {
        this(1);
    }

    /** Of so many kinds that were said last, for what may take turns. */
    public Repetition(int kindsMax) {
        this(kindsMax, System::nanoTime);
    }

    /** With another clock than the JVM's. */
    public Repetition(int kindsMax, LongSupplier nanoTime) {
        this.kindsMax = kindsMax;
        this.nanoTime = nanoTime;
    }

    /** Whether nothing of its kind was news within a minute, as far as kinds are kept. Numbers in it make no other kind. */
    public synchronized boolean isNews(String what) {
        long nowNanos = nanoTime.getAsLong();
        if (what.equals(last) && nowNanos - lastNanos < SAY_AGAIN_NANOS) {
            return false;
        }
        String shown = what.length() > KIND_LENGTH_MAX ? what.substring(0, KIND_LENGTH_MAX) : what;
        String kind = NUMBERS.matcher(shown).replaceAll("0");
        Long said = saidNanos.get(kind);
        if (said != null && nowNanos - said < SAY_AGAIN_NANOS) {
            return false;
        }
        saidNanos.remove(kind); // it comes last
        if (saidNanos.size() == kindsMax) {
            saidNanos.remove(saidNanos.keySet().iterator().next());
        }
        saidNanos.put(kind, nowNanos);
        last = what;
        lastNanos = nowNanos;
        return true;
    }

    /** It is over: what comes next is news. */
    public synchronized void over() {
        saidNanos.clear();
        last = "";
    }
}
