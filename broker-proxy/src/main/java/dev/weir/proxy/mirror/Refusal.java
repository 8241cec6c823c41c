package dev.weir.proxy.mirror;

import java.util.function.BooleanSupplier;

/**
 * Why nothing is copied for a while: what would come of it is known.
 *
 * @param words for the operator of Weir
 * @param untilNanos for so long at least, by {@link System#nanoTime}
 * @param goesOn whether it stands after that, too; any thread
 */
record Refusal(String words, long untilNanos, BooleanSupplier goesOn) {

    boolean stands() {
        return System.nanoTime() - untilNanos < 0 || goesOn.getAsBoolean();
    }
}
