package dev.weir.mesh.log;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what is news from what was said a moment ago, for something that happens again and again. Any thread. */
public final class Repetition {
    private static final long SAY_AGAIN_MILLIS = 60_000;
    private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

    private @Nullable String said;
    private long saidMillis;

    /** Whether it is of another kind than what was news last, or a minute younger. Numbers in it make no other kind. */
    public synchronized boolean isNews(String what, long nowMillis) {
        String kind = NUMBERS.matcher(what).replaceAll("0");
        if (kind.equals(said) && nowMillis - saidMillis < SAY_AGAIN_MILLIS) {
            return false;
        }
        said = kind;
        saidMillis = nowMillis;
        return true;
    }

    /** It is over: what comes next is news. */
    public synchronized void over() {
        said = null;
    }
}
