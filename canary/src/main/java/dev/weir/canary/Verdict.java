package dev.weir.canary;

/** What a record is to the side that asks for it. */
public enum Verdict {
    /** It owns it. */
    MINE,
    /** The other side owns it. */
    OTHERS,
    /** It will own it, once the other side has committed all that came before. */
    WAIT
}
