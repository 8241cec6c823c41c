package dev.weir.proxy.wire;

import java.util.List;

/**
 * How to walk the body of one message in one version for one purpose: flat code for {@link Walker}. Immutable, safe for
 * all threads.
 */
public final class Program {

    final int[] code;
    final int slots;
    private final String name;
    private final List<String> paths;
    private final boolean flexible;
    private final boolean reporting;
    private final boolean addressesTagged;
    private final int trailingBytesMax;

    Program(
            String name,
            int[] code,
            int slots,
            List<String> paths,
            boolean flexible,
            boolean reporting,
            boolean addressesTagged,
            int trailingBytesMax) {
        this.name = name;
        this.code = code;
        this.slots = slots;
        this.paths = paths;
        this.flexible = flexible;
        this.reporting = reporting;
        this.addressesTagged = addressesTagged;
        this.trailingBytesMax = trailingBytesMax;
    }

    /** Whether lengths are compact and tagged fields follow each struct (KIP-482). */
    boolean isFlexible() {
        return flexible;
    }

    /** Whether a message can have anything to report, so that walking it tells more than that it is well formed. */
    public boolean reports() {
        return reporting;
    }

    /** Whether all broker addresses that there may be are in tagged fields, where they can be blanked in place. */
    boolean addressesTagged() {
        return addressesTagged;
    }

    /** How many bytes may follow the message in its frame, which nobody reads; 0 for all but few. */
    int trailingBytesMax() {
        return trailingBytesMax;
    }

    /** The field that the code at a place is about, for people. */
    String path(int pc) {
        return paths.get(pc);
    }

    /** The message and its version. */
    @Override
    public String toString() {
        return name;
    }
}
