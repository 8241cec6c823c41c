package dev.weir.schema.json;

/** Bounds in words. */
final class Ranges {
    private Ranges() {}

    static String text(long min, long max) {
        return max == Long.MAX_VALUE ? "at least " + min : min == 0 ? "at most " + max : min + " to " + max;
    }
}
