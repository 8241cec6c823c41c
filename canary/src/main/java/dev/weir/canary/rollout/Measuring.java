package dev.weir.canary.rollout;

/** Tells how both versions of a canary do. */
public interface Measuring {
    /** Nobody measures: gates never pass. */
    Measuring NONE = (canary, sinceMillis) -> Measures.NONE;

    /**
     * What was measured last. Asked often, on the controller's thread: it answers from memory.
     *
     * @param sinceMillis from when on records are to be counted; until they are, {@link Measures#NONE}
     */
    Measures of(String canary, long sinceMillis);
}
