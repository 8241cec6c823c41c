package dev.weir.topology.view;

/**
 * What somebody says to a canary.
 *
 * @param canary its name
 * @param weight with {@link Action#SET}, as written: {@code 10%}; else empty
 * @param reason why, for people; may be empty
 * @param by who
 * @param how the means by which that was proven, such as {@code OIDC}; {@code NONE} where nobody has to log in
 * @param source the address that it came from
 */
public record CanaryOrder(
        String canary, Action action, String weight, String reason, String by, String how, String source) {
    /** What may be said. */
    public enum Action {
        /** Take this weight, and stay there. */
        SET,
        /** Stay at the weight that is in force. */
        PAUSE,
        /** Go on; from the first step after an abort. */
        RESUME,
        /** Give everything to the canary. */
        PROMOTE,
        /** Give the canary nothing more. */
        ABORT
    }
}
