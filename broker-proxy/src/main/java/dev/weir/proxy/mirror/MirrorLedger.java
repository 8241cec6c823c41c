package dev.weir.proxy.mirror;

/**
 * What became of all records that a mirror is about, since start. Immutable, so that whoever looks sees one moment.
 *
 * <p>INVARIANT: eligible = mirrored + dropped + failed + in flight.
 *
 * @param refused records of transactions that the mirror does not take; they are not eligible
 */
public record MirrorLedger(
        Amount eligible, Amount mirrored, Amount dropped, Amount failed, Amount inFlight, Amount refused) {
    static final MirrorLedger EMPTY =
            new MirrorLedger(Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE);

    /** How it ended for records. */
    enum Outcome {
        MIRRORED,
        DROPPED,
        FAILED
    }

    public MirrorLedger {
        if (!eligible.equals(mirrored.plus(dropped).plus(failed).plus(inFlight))) {
            throw new IllegalStateException("a mirror lost count of " + eligible);
        }
    }

    MirrorLedger begun(Amount amount) {
        return new MirrorLedger(eligible.plus(amount), mirrored, dropped, failed, inFlight.plus(amount), refused);
    }

    MirrorLedger ended(Amount amount, Outcome outcome) {
        return new MirrorLedger(
                eligible,
                outcome == Outcome.MIRRORED ? mirrored.plus(amount) : mirrored,
                outcome == Outcome.DROPPED ? dropped.plus(amount) : dropped,
                outcome == Outcome.FAILED ? failed.plus(amount) : failed,
                inFlight.minus(amount),
                refused);
    }

    /** Of two together. */
    MirrorLedger and(MirrorLedger other) {
        return new MirrorLedger(
                eligible.plus(other.eligible),
                mirrored.plus(other.mirrored),
                dropped.plus(other.dropped),
                failed.plus(other.failed),
                inFlight.plus(other.inFlight),
                refused.plus(other.refused));
    }

    MirrorLedger refused(Amount amount) {
        return new MirrorLedger(eligible, mirrored, dropped, failed, inFlight, refused.plus(amount));
    }
}
